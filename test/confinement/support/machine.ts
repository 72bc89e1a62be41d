import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import type { EmbeddedRedis } from "../../../service/redis.ts";
import { privateDirectory } from "../../jobs/phases/support/app.ts";
import { makeTools, makeWorld, type World } from "../../jobs/phases/support/world.ts";
import { freshDirectory } from "../../support/directory.ts";
import { ask, startRedis } from "../../support/redis.ts";
import type { Targets } from "./app.ts";

/** A worker's machine with a secret in every place that holds one on a real one. */
export interface Machine {
  readonly world: World;
  /** Texts that no honest program would ever print, by the places in which they are. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly targets: Targets;
  /** What the worker is started with. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** What web answers to whoever can reach it. */
export const greeting = "hello from web";

export async function createMachine(): Promise<Machine> {
  const tools = await makeTools();
  const world = await makeWorld(tools);
  const operator = await freshDirectory();
  const secrets = new Map<string, string>();
  const plant = (place: string): string => {
    const secret = `canary-${randomBytes(12).toString("hex")}`;
    secrets.set(place, secret);
    return secret;
  };
  const files = placesOf(world, operator);
  for (const [place, file] of Object.entries(files)) await write(file, plant(place));
  const redis = await startRedis(join(tools.home, "redis"));
  await ask(redis.url, "SET", "job", plant("Redis"));
  const web = createServer((socket) => socket.resume().end(greeting)).listen(0, "127.0.0.1");
  await new Promise((listening) => web.once("listening", listening));
  return {
    world,
    secrets,
    targets: {
      files: { ...files, "Redis, its address and data": join(tools.home, "redis") },
      network: addressesOf(redis, web),
    },
    environment: {
      HOME: operator,
      PRIVATE_KEY: plant("environment: the App's key"),
      WEBHOOK_SECRET: plant("environment: the webhook secret"),
      AWS_SECRET_ACCESS_KEY: plant("environment: a cloud's key"),
      WAYMARK_REDIS_URL: redis.url,
    },
    close: async () => {
      await redis.close();
      await new Promise((closed) => web.close(closed));
    },
  };
}

/** Where files with secrets are, laid out as the service lays them out. The attacker's environment is dev of repository 7. */
function placesOf({ tools, state, input }: World, operator: string): Record<string, string> {
  const { store } = input({});
  const states = dirname(state);
  const at = (...parts: readonly string[]) => join(tools.home, ...parts);
  return {
    "the core registry": at("core", "registry.json"),
    "the App's key file": join(operator, "waymark.pem"),
    "the operator's own credentials": join(operator, ".aws", "credentials"),
    ".env": join(operator, ".env"),
    "the state of another environment": join(dirname(states), "prod-state", "7", "only.tfstate"),
    "the state of another repository": join(states, "8", "only.tfstate"),
    "the mirror of another repository": at("mirrors", "8.git", "packed-refs"),
    "the mirror of this repository": at("mirrors", "7.git", "config"),
    "another deployment's bundle": join(store.directory, "bundles", "b".repeat(64), "files", "asset"),
    "what was synthesized before": at("cache", "synth", "bundles", "c".repeat(64), "files", "asset"),
    "what is remembered of it": join(store.directory, "synthesized", `${"d".repeat(64)}.json`),
    "what init made before": at("cache", "init", `${"e".repeat(64)}.json`),
    "a plan of another environment": at(
      "runs",
      "7",
      "prod",
      "a",
      "try-1",
      "stacks",
      "s",
      "data",
      "waymark.plan",
    ),
    "a plan of an earlier attempt": at(
      "runs",
      "7",
      "dev",
      "a",
      "try-1",
      "stacks",
      "s",
      "data",
      "waymark.plan",
    ),
  };
}

async function write(file: string, secret: string): Promise<void> {
  await privateDirectory(dirname(file));
  await writeFile(file, secret, { mode: 0o600 });
}

function addressesOf(redis: EmbeddedRedis, web: Server): Targets["network"] {
  const host = "127.0.0.1";
  return {
    redis: { host, port: Number(new URL(redis.url).port), line: "KEYS *\r\nGET job\r\n" },
    web: { host, port: (web.address() as AddressInfo).port, line: "GET / HTTP/1.0\r\n\r\n" },
    // Reserved for documentation: nobody answers there.
    public: { host: "192.0.2.1", port: 80, line: "" },
  };
}
