import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";

const script = join(import.meta.dirname, "../../scripts/check-worker.mjs");

let server: ChildProcess;
let url: string;
beforeAll(async () => {
  const port = await freePort();
  url = `redis://127.0.0.1:${port}`;
  const start = 'exec "$(command -v redis-server || command -v valkey-server)" "$@"';
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", ""];
  server = spawn("sh", ["-c", start, "sh", ...args], { stdio: "ignore" });
  await withClient((client) => client.ping());
});
afterAll(async () => {
  server.kill();
  await once(server, "exit");
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return address.port;
}

async function withClient<T>(action: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on("error", () => {});
  try {
    return await action(client);
  } finally {
    await client.quit();
  }
}

async function check(redis: string, ...args: string[]): Promise<number | undefined> {
  const env = { PATH: process.env.PATH ?? "", WAYMARK_REDIS_URL: redis };
  return (await execa("node", [script, ...args], { env, extendEnv: false, reject: false })).exitCode;
}

test("nobody from this machine is connected: not alive", async () => {
  expect(await check(url)).toBe(1);
});

test("a connection that was used lately: alive; one that was silent for too long: not", async () => {
  await withClient(async (client) => {
    await client.ping();
    expect(await check(url)).toBe(0);
    expect(await check(url, "-1")).toBe(1);
  });
});

test("Redis itself does not answer: not alive", async () => {
  expect(await check(`redis://127.0.0.1:${await freePort()}`)).toBe(1);
});
