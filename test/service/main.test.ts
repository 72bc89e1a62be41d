import { copyFile, readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { webhookPath } from "../../app/front.ts";
import { send } from "../app/support/http.ts";
import { registryOf, writeRegistry } from "../app/support/web.ts";
import { appKeys, type Scene, setScene } from "../demo/github/scene.ts";
import { buildService } from "../support/build.ts";
import { freshDirectory } from "../support/directory.ts";
import { pidOf, startRedis } from "../support/redis.ts";
import { isAlive, root, type Started, startService, untilGone } from "./support.ts";

beforeAll(buildService);

const started: Started[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) await one.end("SIGKILL");
});

/** `npm start` without its set-up, in a directory of its own. */
function npmStart(cwd: string, environment: Record<string, string>): Started {
  const one = startService("main", { cwd, environment });
  started.push(one);
  return one;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("without credentials", () => {
  /** A checkout as far as the set-up page reads it. */
  async function checkout(): Promise<string> {
    const directory = await freshDirectory();
    for (const name of ["app.yml", "package.json"])
      await copyFile(path.join(root, name), path.join(directory, name));
    return directory;
  }

  it("serves the page that registers the App from app.yml, with nobody's help", async () => {
    const directory = await checkout();
    const port = await freePort();
    const base = `http://127.0.0.1:${port}`;
    const main = npmStart(directory, { PORT: String(port) });
    await main.says("not registered yet");
    expect(await send(base, {})).toMatchObject({ status: 302, headers: { location: "/probot" } });
    const page = await send(`${base}/probot`, {});
    expect(page.status).toBe(200);
    expect(page.text).toContain('action="https://github.com/settings/apps/new"');
    const manifest: unknown = JSON.parse(/value='([^']*)'/.exec(page.text)?.[1] ?? "");
    expect(manifest).toMatchObject(parse(await readFile(path.join(root, "app.yml"), "utf8")));
    expect(manifest).toMatchObject({
      hook_attributes: { url: `${base}/` },
      redirect_url: `${base}/probot/setup`,
    });
    await expect(stat(path.join(directory, ".env"))).rejects.toThrow("ENOENT");
    expect(`${main.out()}${main.err()}`).not.toMatch(/smee/i);
    expect(await main.end("SIGTERM")).toBe(0);
  });

  it("keeps the credentials that the page was given for the next start, and for nobody else", async () => {
    const directory = await checkout();
    const port = await freePort();
    const main = npmStart(directory, { PORT: String(port) });
    await main.says("not registered yet");
    const given = { appId: "12", pem: appKeys.privateKey, webhook_secret: "a secret" };
    const options = { method: "POST", path: "/probot/import" };
    const answer = await send(`http://127.0.0.1:${port}`, options, (outgoing) =>
      outgoing.end(JSON.stringify(given)),
    );
    expect(answer.status).toBe(200);
    expect(await main.end("SIGINT")).toBe(0);
    expect((await stat(path.join(directory, ".env"))).mode & 0o077).toBe(0);
    const environment = { PORT: "0", WAYMARK_REDIS_URL: "redis://127.0.0.1:1", HOST: "127.0.0.1" };
    const next = npmStart(directory, environment);
    expect(await next.ended()).toBe(1);
    expect(next.err()).toContain("(redis-unreachable)");
  });

  it("does not offer the page in production", async () => {
    const main = npmStart(await freshDirectory(), { NODE_ENV: "production", PORT: "0" });
    expect(await main.ended()).toBe(1);
    expect(main.err()).toMatch(/^waymark: APP_ID, PRIVATE_KEY and WEBHOOK_SECRET are missing/);
  });
});

describe("with credentials", () => {
  let scene: Scene;
  let registry: string;
  beforeAll(async () => {
    scene = await setScene();
    registry = await writeRegistry(registryOf([scene.repository]));
  });
  afterAll(() => scene.close());

  const credentials = (): Record<string, string> => ({
    APP_ID: String(scene.app.id),
    PRIVATE_KEY: appKeys.privateKey,
    WEBHOOK_SECRET: "webhook secret",
    PORT: "0",
    WAYMARK_GITHUB_API_URL: scene.github.apiUrl,
    WAYMARK_REGISTRY: registry,
    WAYMARK_TERRAFORM: process.env.WAYMARK_TERRAFORM ?? "",
  });
  const redisAddress = (directory: string) =>
    readFile(path.join(directory, ".waymark", "redis", "address"), "utf8").catch(() => undefined);
  const urlOf = (main: Started) => /"url":"(http:[^"]+)","msg":"web is up"/.exec(main.out())?.[1] ?? "";

  it("runs everything in one process on a Redis of its own, and leaves nothing when it ends", async () => {
    const directory = await freshDirectory();
    const main = npmStart(directory, credentials());
    await main.says('"web is up"');
    await main.says('"worker is up"');
    expect((await send(`${urlOf(main)}/readyz`, {})).status).toBe(200);
    expect((await send(`${urlOf(main)}${webhookPath}`, { method: "POST" })).status).toBe(401);
    const redis = await pidOf((await redisAddress(directory)) ?? "");
    expect(await main.end("SIGTERM")).toBe(0);
    await untilGone(redis);
    for (const secret of [appKeys.privateKey.split("\n")[3] ?? "", "webhook secret", "ghs_"]) {
      expect(`${main.out()}${main.err()}`).not.toContain(secret);
    }
  });

  it("does not start with a mirror of providers that is not there", async () => {
    const environment = { ...credentials(), WAYMARK_PROVIDER_MIRROR: "/nowhere/providers" };
    const main = npmStart(await freshDirectory(), environment);
    expect(await main.ended()).toBe(1);
    expect(main.err()).toContain("(provider-mirror-missing)");
  });

  it("takes over what a kill -9 left, and does not take anything from one that runs", async () => {
    const directory = await freshDirectory();
    const killed = npmStart(directory, credentials());
    await killed.says('"web is up"');
    const left = await pidOf((await redisAddress(directory)) ?? "");
    await killed.end("SIGKILL");
    expect(isAlive(left)).toBe(true);
    const main = npmStart(directory, credentials());
    await main.says('"web is up"');
    await untilGone(left);
    const second = npmStart(directory, credentials());
    expect(await second.ended()).toBe(1);
    expect(second.err()).toContain("(already-running)");
    expect((await send(`${urlOf(main)}/readyz`, {})).status).toBe(200);
    expect(await main.end("SIGINT")).toBe(0);
  });

  it("leaves no Redis behind when it can't start", async () => {
    const directory = await freshDirectory();
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const main = npmStart(directory, { ...credentials(), PORT: String(port) });
    expect(await main.ended()).toBe(1);
    expect(main.err()).toContain("(port-taken)");
    expect(await redisAddress(directory)).toBeUndefined();
    await new Promise((resolve) => taken.close(resolve));
    const unknown = npmStart(directory, { ...credentials(), APP_ID: "999999" });
    expect(await unknown.ended()).toBe(1);
    expect(unknown.err()).not.toMatch(/eyJ|BEGIN/);
    expect(await redisAddress(directory)).toBeUndefined();
  });

  it.each([
    ["web", "SIGTERM"],
    ["worker", "SIGINT"],
  ] as const)("%s runs apart on a Redis that others share, and leaves it running", async (name, signal) => {
    const redis = await startRedis();
    const environment = { ...credentials(), WAYMARK_REDIS_URL: redis.url };
    const one = startService(name, { cwd: await freshDirectory(), environment });
    started.push(one);
    await one.says(`"${name} is up"`);
    expect(await one.end(signal)).toBe(0);
    expect(isAlive(await pidOf(redis.url))).toBe(true);
    await redis.close();
  });
});

describe("what can't start", () => {
  const run = async (name: "web" | "worker" | "main", environment: Record<string, string>) => {
    const one = startService(name, { cwd: await freshDirectory(), environment });
    started.push(one);
    expect(await one.ended()).toBe(1);
    return one.err();
  };
  const app = { APP_ID: "1", PRIVATE_KEY: appKeys.privateKey, WEBHOOK_SECRET: "a secret" };

  it("names every mistake of the configuration at once", async () => {
    const said = await run("web", { ...app, APP_ID: "x", PORT: "x", WAYMARK_SANDBOX: "x" });
    expect(said).toMatch(/^waymark: The configuration has mistakes: APP_ID .*; PORT .*; WAYMARK_SANDBOX .*/);
    expect(said).toContain("(configuration-invalid)\n");
  });

  it.each(["web", "worker"] as const)("%s says what it lacks, and where to get it", async (name) => {
    expect(await run(name, {})).toMatch(/APP_ID, PRIVATE_KEY and WEBHOOK_SECRET are missing.*\n.*npm start/);
    expect(await run(name, app)).toMatch(/WAYMARK_REDIS_URL is missing.*\n.*npm start/);
  });

  it.each(["web", "worker"] as const)("%s says that Redis is not there, or not for it", async (name) => {
    const gone = await run(name, { ...app, WAYMARK_REDIS_URL: "redis://:hunter2@127.0.0.1:1" });
    expect(gone).toMatch(/Redis at 127.0.0.1:1 can't be used: connect ECONNREFUSED/);
    const redis = await startRedis();
    const { host } = new URL(redis.url);
    const refused = await run(name, { ...app, WAYMARK_REDIS_URL: `redis://:hunter2@${host}` });
    expect(refused).toMatch(/can't be used: WRONGPASS/);
    expect(gone + refused).not.toContain("hunter2");
    await redis.close();
  });
});
