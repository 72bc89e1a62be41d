import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Scene, setScene, shop } from "./scene.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await setScene({ rateLimit: 200 });
});
beforeEach(() => scene.github.faults.clear());
afterAll(() => scene.close());

const ask = (
  path: string,
  { token = scene.users.bob.token, ...init }: RequestInit & { token?: string } = {},
) =>
  fetch(`${scene.github.apiUrl}${path}`, {
    ...init,
    headers: { authorization: `token ${token}`, ...init.headers },
  });
const used = async () => Number((await ask("/rate_limit")).headers.get("x-ratelimit-used"));

describe("rate limits", () => {
  it("count what a caller asks, but not what has not changed", async () => {
    const first = await ask("/repos/acme/shop/branches");
    const etag = String(first.headers.get("etag"));
    const before = await used();
    const again = await ask("/repos/acme/shop/branches", { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
    expect(await used()).toBe(before);
    await ask("/repos/acme/shop/branches");
    expect(await used()).toBe(before + 1);
  });

  it("answer in full once something has changed", async () => {
    const etag = String((await ask("/repos/acme/shop/branches")).headers.get("etag"));
    const copy = await scene.clone(scene.users.bob.token);
    await copy.commit({ "a.txt": "a" });
    await copy.git("push", "--quiet", "origin", "main");
    expect((await ask("/repos/acme/shop/branches", { headers: { "if-none-match": etag } })).status).toBe(200);
  });

  it("end in 403 for that caller alone", async () => {
    const { token } = scene.users.carol;
    let left = Number((await ask("/repos/acme/shop", { token })).headers.get("x-ratelimit-remaining"));
    while (left-- > 0) await ask("/repos/acme/shop", { token });
    const refused = await ask("/repos/acme/shop", { token });
    expect([refused.status, refused.headers.get("x-ratelimit-remaining")]).toEqual([403, "0"]);
    expect((await ask("/repos/acme/shop")).status).toBe(200);
    expect((await ask("/rate_limit", { token })).status).toBe(200);
  });
});

describe("the secondary limit", () => {
  const now = { seconds: 1_700_000_000 };
  let limited: Scene;
  beforeAll(async () => {
    limited = await setScene({ clock: () => new Date(now.seconds * 1000) });
  });
  afterAll(() => limited.close());
  const statusOf = async (token: string, path = "/repos/acme/shop") => {
    const headers = { authorization: `token ${token}` };
    const { status, headers: answered } = await fetch(`${limited.github.apiUrl}${path}`, { headers });
    return [status, answered.get("retry-after")];
  };

  it("refuses what matches for as long as it says, each caller by itself", async () => {
    const [bob, carol] = [limited.users.bob.token, limited.users.carol.token];
    limited.github.faults.limit({ path: /shop$/, seconds: 60 });
    expect(await statusOf(bob)).toEqual([403, "60"]);
    now.seconds += 59;
    expect(await statusOf(bob)).toEqual([403, "1"]);
    expect(await statusOf(carol)).toEqual([403, "60"]);
    expect(await statusOf(bob, "/repos/acme/shop/branches")).toEqual([200, null]);
    now.seconds += 1;
    expect(await statusOf(bob)).toEqual([200, null]);
    expect(await statusOf(carol)).toEqual([403, "59"]);
    limited.github.faults.clear();
    expect(await statusOf(carol)).toEqual([200, null]);
  });
});

describe("the list of requests", () => {
  it("says who asked what by which route, and whether it counted", async () => {
    await ask("/repos/acme/shop/git/ref/heads%2Fmain");
    expect(scene.github.requests.at(-1)).toEqual({
      method: "GET",
      template: "/repos/{owner}/{repo}/git/ref/{ref}",
      path: "/repos/acme/shop/git/ref/heads%2Fmain",
      known: true,
      query: "",
      body: undefined,
      who: "user:bob",
      status: 200,
      counted: true,
      answer: expect.stringMatching(/^\{"ref":"refs\/heads\/main"/),
    });
    await scene.installationClient().repos.get(shop);
    const { who, template } = scene.github.requests.at(-1) ?? {};
    expect([who, template]).toEqual([`installation:${scene.installationId}`, "/repos/{owner}/{repo}"]);
    expect(scene.github.unknownRequests()).toEqual([]);
  });

  it("keeps what no route answers", async () => {
    expect((await ask("/repos/acme/shop/none")).status).toBe(404);
    expect((await ask("/repos/acme/shop", { method: "DELETE" })).status).toBe(404);
    const unknown = scene.github.unknownRequests().map(({ method, path }) => `${method} ${path}`);
    expect(unknown).toEqual(["GET /repos/acme/shop/none", "DELETE /repos/acme/shop"]);
  });
});

describe("addresses and bodies", () => {
  it("know a repository by its id, too", async () => {
    const byId = await ask(`/repositories/${scene.repository.id}/branches/main`);
    expect(await byId.json()).toMatchObject({ name: "main" });
    expect((await ask("/repositories/1")).status).toBe(404);
  });

  it.each(["{", "[", "null", '"text"'])("refuse a body that is %s", async (body) => {
    const response = await ask("/repos/acme/shop/pulls", { method: "POST", body });
    expect(response.status).toBe(400);
  });

  it("refuse bodies that lack something with 422", async () => {
    const response = await ask("/repos/acme/shop/pulls", { method: "POST", body: "{}" });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ message: expect.stringMatching(/title/) });
  });
});

describe("request faults", () => {
  it("answer with a status, for as many times as told", async () => {
    const headers = { "retry-after": "1" };
    scene.github.faults.onRequest({
      method: "GET",
      path: /branches/,
      times: 2,
      effect: { kind: "respond", status: 503, headers },
    });
    const statuses = [];
    for (const path of ["branches", "commits", "branches", "branches"]) {
      statuses.push((await ask(`/repos/acme/shop/${path}`)).status);
    }
    expect(statuses).toEqual([503, 200, 503, 200]);
  });

  it("drop a request before, or lose its answer after it was carried out", async () => {
    const sha = (await scene.as(scene.users.bob).repos.getCommit({ ...shop, ref: "main" })).data.sha;
    const create = (ref: string) =>
      ask("/repos/acme/shop/git/refs", { method: "POST", body: JSON.stringify({ ref, sha }) });
    scene.github.faults.onRequest({ method: "POST", effect: { kind: "drop" } });
    await expect(create("refs/heads/dropped")).rejects.toThrow();
    scene.github.faults.onRequest({ method: "POST", effect: { kind: "lose" } });
    await expect(create("refs/heads/lost")).rejects.toThrow();
    expect((await ask("/repos/acme/shop/branches/dropped")).status).toBe(404);
    expect((await ask("/repos/acme/shop/branches/lost")).status).toBe(200);
  });

  it("hit git as well", async () => {
    const copy = await scene.clone(scene.users.bob.token, "faulty");
    const sha = await copy.commit({ "b.txt": "b" });
    scene.github.faults.onRequest({ path: /git-receive-pack$/, method: "POST", effect: { kind: "lose" } });
    await expect(copy.git("push", "--quiet", "origin", "HEAD:refs/heads/git-lost")).rejects.toThrow();
    await scene.github.idle();
    expect(await copy.git("ls-remote", "origin", "refs/heads/git-lost")).toContain(sha);
  });

  it("hold a request until somebody lets it go on", async () => {
    const sha = (await scene.as(scene.users.bob).repos.getCommit({ ...shop, ref: "main" })).data.sha;
    let goOn = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      const around = async (answer: () => Promise<void>) => {
        const gone = new Promise<void>((go) => {
          goOn = go;
        });
        resolve();
        await gone;
        await answer();
      };
      scene.github.faults.onRequest({ method: "POST", effect: { kind: "hold", around } });
    });
    const body = JSON.stringify({ ref: "refs/heads/held", sha });
    const asked = ask("/repos/acme/shop/git/refs", { method: "POST", body });
    await reached;
    expect((await ask("/repos/acme/shop/branches/held")).status).toBe(404);
    goOn();
    expect((await asked).status).toBe(201);
  });
});
