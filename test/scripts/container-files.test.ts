import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

const service = z.object({
  build: z.string().optional(),
  image: z.string(),
  command: z.array(z.string()),
  init: z.literal(true),
  stop_grace_period: z.string(),
  healthcheck: z.object({ test: z.array(z.string()).min(2) }),
  environment: z.record(z.string(), z.string()).optional(),
  configs: z.array(z.object({ source: z.string(), target: z.string() })).optional(),
  volumes: z.array(z.string()),
  ports: z.array(z.string()).optional(),
});

const compose = z
  .object({
    services: z.strictObject({ redis: service, web: service, worker: service }),
    configs: z.strictObject({ redis: z.object({ content: z.string() }) }),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(read("docker-compose.yml"), { merge: true }));

const { redis, web, worker } = compose.services;

test("Redis keeps each wake-up and evicts none", () => {
  expect(redis.command.join(" ")).toBe(
    "redis-server /etc/redis.conf --appendonly yes --appendfsync always --maxmemory-policy noeviction",
  );
  expect(redis.volumes).toEqual(["redis:/data"]);
  expect(redis.ports).toBeUndefined();
});

test("Redis wants a password, which no argument list shows", () => {
  const password = "$" + "{WAYMARK_REDIS_PASSWORD:?put it into .env}";
  expect(redis.configs).toEqual([{ source: "redis", target: "/etc/redis.conf" }]);
  expect(compose.configs.redis.content).toBe(`requirepass ${password}`);
  expect(redis.environment?.REDISCLI_AUTH).toBe(password);
  for (const { environment } of [web, worker])
    expect(environment?.WAYMARK_REDIS_URL).toBe(`redis://:${password}@redis:6379`);
  for (const { command } of [redis, web, worker]) expect(command.join(" ")).not.toContain("PASSWORD");
});

test("web and worker run from one image, each its own entry point that exists", () => {
  expect([web.build, worker.build]).toEqual([".", "."]);
  for (const { command } of [web, worker]) {
    const name = /^\.waymark\/build\/(\w+)\.mjs$/.exec(command.at(-1) ?? "")?.[1];
    expect(read(`service/${name}.ts`)).not.toBe("");
  }
});

test("only the credentials are asked for, and starting without one is refused", () => {
  const asked = [...read("docker-compose.yml").matchAll(/\$\{(\w+)(.*?)\}/g)];
  const names = new Set(asked.map(([, name]) => name));
  expect([...names].sort()).toEqual(["APP_ID", "PRIVATE_KEY", "WAYMARK_REDIS_PASSWORD", "WEBHOOK_SECRET"]);
  for (const [, , condition] of asked) expect(condition).toMatch(/^:\?/);
  expect(web.environment).toMatchObject({ HOST: "0.0.0.0" });
});

test("the worker is given longer to stop than the longest apply, and the web process sees no state", () => {
  expect(worker.stop_grace_period).toBe("1h");
  expect(worker.volumes).toEqual(["home:/var/lib/waymark", "core:/var/lib/waymark/core"]);
  expect(web.volumes).toEqual(["core:/var/lib/waymark/core:ro"]);
  expect(Object.keys(compose.volumes).sort()).toEqual(["core", "home", "redis"]);
});

test("the web process is reached through this machine only", () => {
  expect(web.ports).toEqual(["127.0.0.1:3000:3000"]);
});

test("the image is built in one stage, runs without root, and everything it copies passes .dockerignore", () => {
  const instructions = read("Dockerfile").split("\n");
  expect(instructions.filter((line) => line.startsWith("FROM "))).toHaveLength(1);
  expect(instructions.filter((line) => line.startsWith("USER "))).toEqual(["USER node"]);
  const allowed = new Set(
    read(".dockerignore")
      .split("\n")
      .flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : [])),
  );
  const sources = instructions
    .filter((line) => line.startsWith("COPY "))
    .flatMap((line) => line.split(" ").slice(1, -1));
  for (const source of sources) {
    if (source !== ".") expect(allowed).toContain(source.split("/")[0]);
  }
});

test("the manifest asks for no more than what is listed, and hears every event that is handled", () => {
  const manifest = z
    .object({
      public: z.literal(false),
      default_permissions: z.record(z.string(), z.string()),
      default_events: z.array(z.string()),
    })
    .parse(parse(read("app.yml")));
  expect(manifest.default_permissions).toEqual({
    contents: "write",
    workflows: "write",
    checks: "write",
    deployments: "write",
    pull_requests: "read",
    metadata: "read",
  });
  const table = read("app/github-app.ts").match(/export const eventTable = \{[^}]*\}/)?.[0] ?? "";
  const handled = [...table.matchAll(/^ {2}"?([a-z_]+)[".:]/gm)].map(([, name]) => name ?? "");
  const always = ["installation", "installation_repositories"];
  expect([...new Set(handled)].filter((name) => !always.includes(name)).sort()).toEqual(
    manifest.default_events.toSorted(),
  );
});
