import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLogger } from "../../../adapters/log/logger.ts";
import { writeCheckout } from "./support/app.ts";
import { makeAwsWorld, useAws } from "./support/aws.ts";
import { artifactBucket } from "./support/bucket.ts";
import { applied } from "./support/outcome.ts";
import { secret } from "./support/world.ts";

useAws();

/** All that was copied of an attempt, by name. */
async function logsOf(attemptId: string): Promise<ReadonlyMap<string, string>> {
  const bucket = artifactBucket();
  const prefix = `logs/${attemptId}/`;
  const read = async (name: string) => [name.slice(prefix.length), await bucket.read(name)] as const;
  return new Map(await Promise.all((await bucket.names(prefix)).map(read)));
}

const attemptId = (digit: string) => digit.repeat(40);
const eventsOf = (log: string | undefined) =>
  (log ?? "").split("\n").flatMap((line) => (line ? [JSON.parse(line)] : []));

test("what Terraform did is told stack by stack, step by step", async () => {
  const world = await makeAwsWorld();
  applied(await world.deploy({ logged: {} }, { attemptId: attemptId("a") }));
  const logs = await logsOf(attemptId("a"));
  expect([...logs.keys()].sort()).toEqual([
    "logged/apply.jsonl",
    "logged/init.jsonl",
    "logged/plan.jsonl",
    "outcome.json",
  ]);
  expect(eventsOf(logs.get("logged/apply.jsonl"))).toContainEqual({
    "@timestamp": expect.any(String),
    "@level": "info",
    type: "apply_complete",
    hook: {
      resource: { addr: "terraform_data.thing" },
      action: "create",
      elapsed_seconds: expect.any(Number),
    },
  });
});

test("no log holds a value, a key, or what scripts print", async () => {
  const world = await makeAwsWorld();
  const canary = "canary-value-4711";
  const id = attemptId("b");
  const app = {
    leaky: {
      input: canary,
      command: `echo ${canary}; env; echo '{"type":"outputs","outputs":{"x":{"value":"${canary}"}}}'`,
      outputs: { plain: canary, hidden: { value: canary, sensitive: true } },
      json: {
        resource: {
          terraform_data: {
            thing: { input: canary, provisioner: [{ "local-exec": { command: `echo ${canary}; env` } }] },
            named: { for_each: { [secret]: canary }, input: canary },
          },
        },
      },
    },
  };
  applied(await world.deploy(app, { attemptId: id }));
  const logs = await logsOf(id);
  const all = [...logs.values()].join("");
  expect(logs.get("leaky/apply.jsonl")).toContain('terraform_data.named[\\"***\\"]');
  for (const leaked of [canary, secret, "AWS_", "ASIA"]) expect(all).not.toContain(leaked);
  expect(all).toContain('"hidden":{"sensitive":true}');
});

test("a failed deployment has its logs too, and why it failed", async () => {
  const world = await makeAwsWorld();
  const id = attemptId("c");
  const failed = await world.deploy({ broken: { command: "env; exit 3" } }, { attemptId: id });
  expect(failed).toMatchObject({ kind: "failed" });
  const logs = await logsOf(id);
  const outcome = JSON.parse(logs.get("outcome.json") ?? "");
  expect(outcome).toMatchObject({
    kind: "failed",
    environment: "dev",
    failure: { code: "provisioner-failed" },
  });
  expect(outcome.stacks).toEqual([expect.objectContaining({ stack: "broken", result: "failed", adds: 1 })]);
  // The script was given them, and printed them.
  expect(logs.get("outcome.json")).toContain("AWS_SECRET_ACCESS_KEY=***");
  expect(logs.get("outcome.json")).not.toMatch(/AWS_(SECRET_ACCESS_KEY|SESSION_TOKEN)=(?!\*\*\*)/);
  const types = eventsOf(logs.get("broken/apply.jsonl")).map(({ type }) => type);
  expect(types).toContain("provision_errored");
});

test("what synth printed is there, without what is known to be secret", async () => {
  const world = await makeAwsWorld();
  const worktree = await writeCheckout({ printed: {} });
  await appendFile(join(worktree, "main.mjs"), `console.log("synthesized with ${secret}");`);
  applied(await world.deployWith({ worktree, attemptId: attemptId("d") }));
  expect((await logsOf(attemptId("d"))).get("synth.log")).toBe("synthesized with ***");
});

test("logs that can't be copied fail nothing, and the worker says so", async () => {
  const world = await makeAwsWorld();
  const said: string[] = [];
  const destination = { write: (line: string) => void said.push(line) };
  const log = createLogger({ level: "warn", redact: (text) => text, destination });
  const { binding } = world.input({});
  const artifacts = { ...artifactBucket().place, bucket: "nobody-has-this-bucket" };
  applied(await world.deploy({ unlogged: {} }, { binding: { ...binding, artifacts }, io: { log } }));
  expect(said.join("")).toContain("the logs could not be copied");
});
