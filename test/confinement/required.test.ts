import { generateKeyPairSync } from "node:crypto";
import { access, copyFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { detectSandbox } from "../../adapters/sandbox/detect.ts";
import type { EmbeddedRedis } from "../../service/redis.ts";
import { makeTools, makeWorld } from "../jobs/phases/support/world.ts";
import { buildService, builtService } from "../support/build.ts";
import { freshDirectory } from "../support/directory.ts";
import { ask, startRedis } from "../support/redis.ts";

const root = resolve(import.meta.dirname, "../..");
const warning = "Redis takes anybody WITHOUT a password";
let redis: EmbeddedRedis;

beforeAll(async () => {
  await buildService();
  redis = await startRedis();
});

afterAll(() => redis.close());

/** Starts a process of the service where no bubblewrap is to be found. */
async function start(name: "main" | "worker", redisUrl = redis.url) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const env = {
    PATH: await freshDirectory(),
    APP_ID: "1",
    PRIVATE_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    WEBHOOK_SECRET: "webhook secret",
    PORT: "0",
    WAYMARK_HOME: await freshDirectory(),
    WAYMARK_REDIS_URL: redisUrl,
    WAYMARK_SANDBOX: "required",
  };
  return await execa(process.execPath, [builtService(name)], {
    cwd: root,
    env,
    extendEnv: false,
    reject: false,
  });
}

function withoutPassword(url: string): string {
  const { host } = new URL(url);
  return `redis://${host}`;
}

test.each(["main", "worker"] as const)(
  "where a sandbox is required and there is none, %s does not start",
  async (name) => {
    const { exitCode, stdout, stderr } = await start(name);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("(sandbox-unavailable)");
    expect(stderr).toContain("Install bubblewrap");
    expect(stdout).not.toContain("is up");
    expect(stdout).not.toContain(warning);
    expect(await ask(redis.url, "DBSIZE")).toBe("0");
  },
);

test("a worker warns of a Redis that lets in whatever is deployed", async () => {
  await ask(redis.url, "CONFIG", "SET", "requirepass", "");
  expect((await start("worker", withoutPassword(redis.url))).stdout).toContain(warning);
});

test.runIf(process.platform === "linux")(
  "where bubblewrap goes away later, nothing runs without it",
  async () => {
    const bwrap = join(await freshDirectory(), "bwrap");
    await copyFile("/usr/bin/bwrap", bwrap);
    const sandbox = await detectSandbox("required", bwrap);
    const world = await makeWorld({ ...(await makeTools()), sandbox });
    await rm(bwrap);
    const trace = join(await freshDirectory(), "trace");
    const outcome = await world.deploy({ only: { command: `touch ${trace}` } });
    expect(outcome).toMatchObject({
      kind: "failed",
      failure: { code: "sandbox-unavailable", source: "service" },
    });
    await expect(access(trace)).rejects.toThrow("ENOENT");
  },
);
