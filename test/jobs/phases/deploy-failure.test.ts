import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DeploymentTools } from "../../../jobs/phases/deployment.ts";
import { freshDirectory } from "../../support/directory.ts";
import { applied, results } from "./support/outcome.ts";
import { tools, useWorld, world } from "./support/scene.ts";
import { makeWorld, secret } from "./support/world.ts";

useWorld();

test("a failed stack stops those that depend on it and no others", async () => {
  const outcome = await world.deploy({
    broken: { command: "echo no luck >&2; exit 3" },
    hanging: { dependencies: ["broken"] },
    deeper: { dependencies: ["hanging"] },
    beside: {},
    above: { dependencies: ["beside"] },
  });
  expect(results(outcome)).toEqual({
    broken: "failed",
    hanging: "not-run",
    deeper: "not-run",
    beside: "applied",
    above: "applied",
  });
  const reason = (name: string) => outcome.stacks.find(({ stack }) => stack === name)?.reason;
  expect(reason("hanging")).toBe("it needs broken, which was not applied");
  expect(outcome).toMatchObject({
    kind: "failed",
    failure: { code: "provisioner-failed", class: "code", message: expect.stringContaining("no luck") },
  });
});

test("a plan that fails leaves the stack untouched, in Terraform's words, with address and place", async () => {
  const json = { resource: { terraform_data: { thing: { inputs: "typo" } } } };
  const outcome = await world.deploy({ bad: { json } });
  expect(outcome).toMatchObject({
    kind: "failed",
    failure: { class: "code", message: expect.stringMatching(/"inputs".*\(cdk\.tf\.json line [0-9]+\)/) },
  });
  expect(await world.outputs("bad")).toBeUndefined();
});

test("a stack that can't be initialised fails before anything is applied", async () => {
  const terraform = { required_version: ">= 99.0", backend: { local: { path: "x" } } };
  const outcome = await world.deploy({ fine: {}, old: { json: { terraform } } });
  expect(results(outcome)).toEqual({ fine: "not-run", old: "failed" });
  expect(outcome).toMatchObject({
    failure: { code: "provider-unavailable", message: expect.stringContaining("Core version") },
  });
  expect(await world.outputs("fine")).toBeUndefined();
});

test.each([
  ["a cycle", { policy: { dependsOn: { a: ["b"], b: ["a"] } } }, "stack-cycle"],
  ["an unknown stack", { policy: { dependsOn: { a: ["c"] } } }, "stack-unknown"],
  ["a missing output", { policy: { outputs: ["url"] } }, "output-missing"],
])("the policy is held against the app: %s", async (_, wish, code) => {
  expect(await world.deploy({ a: {}, b: {} }, wish)).toMatchObject({ kind: "failed", failure: { code } });
});

test("the state of another app is refused before anything runs", async () => {
  const data = {
    terraform_remote_state: { theirs: { backend: "local", config: { path: "/other/prod.tfstate" } } },
  };
  const outcome = await world.deploy({ nosy: { json: { data } } });
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "foreign-remote-state" }, stacks: [] });
});

test.runIf(process.platform === "linux")(
  "a provisioner finds nothing of the worker or of other environments",
  async () => {
    const other = await makeWorld(tools);
    applied(await other.deploy({ theirs: { input: "their-secret" } }));
    const places = [other.state, tools.home, "/root", "$HOME/..", `/proc/${process.pid}/environ`];
    const command = `cat ${places.map((place) => `${place}/* ${place}`).join(" ")} 2>/dev/null | head -c 300 >&2; env >&2; exit 1`;
    const outcome = await world.deploy({ nosy: { command } });
    const { message } = outcome.kind === "failed" ? outcome.failure : { message: "" };
    expect(message).toContain("TF_IN_AUTOMATION=1");
    expect(message).not.toMatch(/their-secret|WEBHOOK_SECRET|hunter2/);
  },
);

test("a secret that a program prints is masked in the outcome", async () => {
  const outcome = await world.deploy({ loud: { command: `echo ${secret} >&2; exit 1` } });
  expect(JSON.stringify(outcome)).toContain("***");
  expect(JSON.stringify(outcome)).not.toContain(secret);
});

test("a deployment that takes too long is stopped in good order", async () => {
  const app = { slow: { command: "exec sleep 60" }, later: { dependencies: ["slow"] } };
  const outcome = await world.deploy(app, { policy: { timeout: 3 } });
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "deployment-timeout" } });
  expect(results(outcome)).toEqual({ slow: "failed", later: "not-run" });
  const unlocked = await world.deploy({ slow: {} }, { policy: { lockTimeout: 1 } });
  expect(results(applied(unlocked))).toEqual({ slow: "applied" });
});

/** A Terraform that goes on after a SIGTERM, and tells of each, until it may end. */
async function stubbornTerraform(log: string, go: string): Promise<DeploymentTools["terraform"]> {
  const path = join(await freshDirectory(), "terraform");
  const apply = `trap 'echo TERM >>${log}' TERM; echo begun >>${log}; until [ -e ${go} ]; do sleep 0.05; done; echo ended >>${log}; exit 1`;
  await writeFile(path, `#!/bin/sh\ncase $1 in apply) ${apply};; esac\n`, { mode: 0o700 });
  return { ...tools.terraform, path };
}

test("whatever stops it, what is applied gets one SIGTERM, and then takes as long as it takes", async () => {
  const [log, go] = [join(world.state, "log"), join(world.state, "go")];
  const stubborn = await makeWorld({ ...tools, terraform: await stubbornTerraform(log, go) });
  const untilTold = (word: string) =>
    expect.poll(() => readFile(log, "utf8").catch(() => ""), { timeout: 20_000 }).toContain(word);
  const controller = new AbortController();
  const wish = { supersedes: true, binding: world.input({}).binding, io: { signal: controller.signal } };
  const deployed = stubborn.deploy({ only: {} }, wish);
  await untilTold("begun");
  controller.abort();
  await untilTold("TERM");
  await writeFile(go, "");
  expect(await deployed).toMatchObject({ kind: "failed", failure: { code: "interrupted" } });
  expect(await readFile(log, "utf8")).toBe("begun\nTERM\nended\n");
});

test("a worker that must stop leaves nothing running and says so", async () => {
  const controller = new AbortController();
  const progress = ({ phase, stack }: { phase: string; stack?: string }) => {
    if (phase === "apply" && stack === "slow") controller.abort();
  };
  const io = { signal: controller.signal, progress };
  const outcome = await world.deploy({ slow: { command: "exec sleep 60" } }, { io });
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "interrupted", class: "transient" } });
});

/** Somebody who applies his own input whenever our fence looks. */
function rivals(inputs: readonly string[]) {
  const left = [...inputs];
  return async () => {
    const input = left.shift();
    if (input === undefined) return;
    const rival = await makeWorld(tools);
    await rival.deploy({ only: { input } }, { binding: world.input({}).binding });
  };
}

test("a state that somebody else changed after the plan is planned anew, once", async () => {
  const app = { only: { input: "mine" } };
  await world.deploy({ only: { input: "first" } });
  const outcome = await world.deploy(app, { io: { fence: rivals(["theirs"]) } });
  expect(results(applied(outcome))).toEqual({ only: "applied" });
  expect(await world.outputs("only")).toMatchObject({ value: "mine" });
});

test("a state that somebody else changes again and again is a conflict, not overwritten", async () => {
  const app = { only: { input: "mine" } };
  await world.deploy({ only: { input: "first" } });
  const outcome = await world.deploy(app, { io: { fence: rivals(["theirs", "theirs again"]) } });
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "plan-stale", class: "conflict" } });
  expect(outcome).toHaveProperty("exhausted", false);
  expect(await world.outputs("only")).toMatchObject({ value: "theirs again" });
});
