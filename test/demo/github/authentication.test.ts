import { importPKCS8, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appKeys, type Scene, setScene, shop } from "./scene.ts";
import { runGit } from "./working-copy.ts";

let scene: Scene;
let offset = 0;
beforeAll(async () => {
  scene = await setScene({ clock: () => new Date(Date.now() + offset) });
});
afterAll(() => scene.close());

const get = (path: string, token?: string) => {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${scene.github.apiUrl}${path}`, { headers });
};

async function jwt({ from = 0, life = 540, issuer = String(scene.app.id), key = appKeys.privateKey } = {}) {
  const now = Math.floor(Date.now() / 1000) + from;
  const claims = new SignJWT({ iat: now, exp: now + life, iss: issuer });
  return claims.setProtectedHeader({ alg: "RS256" }).sign(await importPKCS8(key, "RS256"));
}

async function installationToken(options = {}) {
  const { data } = await scene
    .appClient()
    .apps.createInstallationAccessToken({ installation_id: scene.installationId, ...options });
  return data;
}

describe("an App's JWT", () => {
  it("is accepted by id and by client id", async () => {
    const byId = await get("/app", await jwt());
    expect(await byId.json()).toMatchObject({ id: scene.app.id, slug: "waymark", installations_count: 1 });
    expect((await get("/app", await jwt({ issuer: scene.app.clientId }))).status).toBe(200);
  });

  it.each([
    ["has expired", { from: -700 }, 401, /expires/],
    ["lives longer than ten minutes", { life: 700 }, 401, /too far in the future/],
    ["was issued in the future", { from: 120, life: 100 }, 401, /Issued at/],
    ["names an unknown App", { issuer: "4711" }, 404, /Integration not found/],
  ])("is refused when it %s", async (_, claims, status, message) => {
    const response = await get("/app", await jwt(claims));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      message: expect.stringMatching(message),
      status: String(status),
    });
  });

  it("is refused when another key signed it, or it has been tampered with", async () => {
    const [head, , signature] = (await jwt()).split(".");
    const claims = Buffer.from(JSON.stringify({ iat: 1, exp: 2e9, iss: scene.app.id })).toString("base64url");
    expect((await get("/app", `${head}.${claims}.${signature}`)).status).toBe(401);
    expect((await get("/app", "a.b.c")).status).toBe(401);
  });

  it("opens nothing but the App itself", async () => {
    expect((await get("/repos/acme/shop", await jwt())).status).toBe(404);
    expect((await get("/app", scene.users.alice.token)).status).toBe(401);
  });
});

describe("an installation token", () => {
  it("works for an hour, for REST and for git", async () => {
    const { token, expires_at } = await installationToken();
    const lsRemote = () => runGit(undefined, token, ["ls-remote", scene.repository.cloneUrl]);
    const life = Date.parse(expires_at) - Date.now();
    expect(Math.round(life / 60_000)).toBe(60);
    expect((await get("/repos/acme/shop", token)).status).toBe(200);
    await expect(lsRemote()).resolves.toContain("refs/heads/main");
    offset = 3_601_000;
    try {
      expect((await get("/repos/acme/shop", token)).status).toBe(401);
      await expect(lsRemote()).rejects.toThrow();
    } finally {
      offset = 0;
    }
  });

  it("reaches the installation's repositories only, and only those it was limited to", async () => {
    await scene.github.createRepository("acme/other");
    await scene.github.createRepository("acme/foreign");
    scene.github.install(scene.app, "acme", ["acme/other"]);
    const limited = await installationToken({ repositories: ["shop"] });
    expect(limited.repositories?.map(({ full_name }) => full_name)).toEqual(["acme/shop"]);
    expect((await get("/repos/acme/shop", limited.token)).status).toBe(200);
    expect((await get("/repos/acme/other", limited.token)).status).toBe(404);
    const all = await installationToken();
    expect((await get("/repos/acme/other", all.token)).status).toBe(200);
    expect((await get("/repos/acme/foreign", all.token)).status).toBe(404);
    await expect(installationToken({ repositories: ["foreign"] })).rejects.toMatchObject({ status: 422 });
  });

  it("may do what it was limited to, and asks for no more than was granted", async () => {
    const { token } = await installationToken({ permissions: { checks: "read" } });
    const response = await fetch(`${scene.github.apiUrl}/repos/acme/shop/check-runs`, {
      method: "POST",
      headers: { authorization: `token ${token}` },
      body: JSON.stringify({ name: "x", head_sha: "0".repeat(40) }),
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ message: "Resource not accessible by integration" });
    await expect(installationToken({ permissions: { administration: "write" } })).rejects.toMatchObject({
      status: 422,
    });
  });

  it("dies with its installation", async () => {
    await scene.github.createRepository("other-org/thing");
    const { installationId } = scene.github.install(scene.app, "other-org", ["other-org/thing"]);
    const { token } = await installationToken({ installation_id: installationId });
    expect((await get("/repos/other-org/thing", token)).status).toBe(200);
    scene.github.uninstall(installationId);
    expect((await get("/repos/other-org/thing", token)).status).toBe(401);
  });
});

describe("people", () => {
  it("see what they have a role in, and have it told to others", async () => {
    const rest = scene.as(scene.users.alice);
    const roleOf = async (username: string) => {
      const { data } = await rest.repos.getCollaboratorPermissionLevel({ ...shop, username });
      return [data.permission, data.role_name];
    };
    expect(await roleOf("alice")).toEqual(["write", "maintain"]);
    expect(await roleOf("carol")).toEqual(["read", "read"]);
    expect(await roleOf("mallory")).toEqual(["none", "none"]);
    await expect(roleOf("waymark[bot]")).rejects.toMatchObject({ status: 404 });
    scene.github.setRole("acme/shop", "mallory", "admin");
    expect(await roleOf("mallory")).toEqual(["admin", "admin"]);
    scene.github.setRole("acme/shop", "mallory", undefined);
    expect((await get("/repos/acme/shop", scene.users.mallory.token)).status).toBe(404);
  });

  it("need good credentials", async () => {
    expect((await get("/repos/acme/shop", "ghp_unknown")).status).toBe(401);
    expect((await get("/repos/acme/shop")).status).toBe(404);
  });
});
