import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { DeploymentOutcome } from "../../../jobs/phases/deployment.ts";
import { runDirectory } from "../../../jobs/phases/run-directory.ts";
import type { StackSpec } from "./support/app.ts";
import { applied, results } from "./support/outcome.ts";
import { tools, useWorld, world } from "./support/scene.ts";
import type { Wish } from "./support/world.ts";

useWorld();

const host = "$" + "{data.terraform_remote_state.cross-stack-reference-input-network.outputs.host}";
const service = (input = "one"): StackSpec => ({ dependencies: ["network"], input, outputs: { url: host } });
const network = (more: StackSpec = {}): StackSpec => ({ outputs: { host: "10.0.0.1" }, ...more });
const provision = { stacks: { network: { kind: "provision" } } } as const;
const policy = { ...provision, retry: { maxAttempts: 2, backoffMultiplier: 1 } };

const deploy = (stacks: Readonly<Record<string, StackSpec>>, wish: Wish = {}): Promise<DeploymentOutcome> =>
  world.deploy(stacks, { ...wish, policy: { ...policy, ...wish.policy } });
const reportOf = ({ stacks }: DeploymentOutcome, name: string) => stacks.find(({ stack }) => stack === name);

/** The Terraform processes that an attempt started for a stack. */
async function processes(attemptId: string, stack: string): Promise<string[]> {
  const attempt = runDirectory(tools.home, 7, "dev", attemptId);
  const [name = ""] = await readdir(attempt);
  const entries = await readdir(join(attempt, name, "stacks", stack));
  return entries.filter((entry) => /^(init|plan|apply|push)/.test(entry));
}

describe("a provisioning stack for which nothing has changed", () => {
  test("is skipped without starting Terraform, and its outputs still count", async () => {
    applied(await deploy({ network: network(), service: service() }));
    const attemptId = "d".repeat(40);
    const again = await deploy(
      { network: network(), service: service("two") },
      { attemptId, policy: { outputs: ["host"] } },
    );
    expect(results(applied(again))).toEqual({ network: "skipped", service: "applied" });
    expect(await processes(attemptId, "network")).toEqual([]);
  });

  test("is planned when the attempt supersedes another one", async () => {
    applied(await deploy({ network: network() }));
    const again = await deploy({ network: network() }, { supersedes: true });
    expect(results(applied(again))).toEqual({ network: "applied" });
  });

  test("is planned again once its memory is lost, which does no harm", async () => {
    applied(await deploy({ network: network() }));
    await rm(join(world.input({}).store.directory, "provisioned"), { recursive: true });
    expect(results(applied(await deploy({ network: network() })))).toEqual({ network: "unchanged" });
    expect(results(applied(await deploy({ network: network() })))).toEqual({ network: "skipped" });
  });

  test("is skipped in a rollback too, and the bundle stays the same", async () => {
    const first = applied(await deploy({ network: network(), service: service() }));
    applied(await deploy({ network: network(), service: service("two") }));
    const back = await world.deployWith({ bundle: first.bundle, policy });
    expect(results(applied(back))).toEqual({ network: "skipped", service: "applied" });
    expect(applied(back).bundle).toBe(first.bundle);
  });
});

describe("a provisioning stack is planned", () => {
  test.each([
    ["its files", network({ input: "two" }), {}, "applied"],
    ["the variables", network(), { variables: { SIZE: "2" } }, "unchanged"],
  ])("when %s have changed", async (_, changed, more, result) => {
    applied(await deploy({ network: network() }));
    const again = await deploy({ network: changed }, { policy: more });
    expect(results(applied(again))).toEqual({ network: result });
  });

  test("when an output of a stack that it needs has changed, and not when none has", async () => {
    const app = (value: string, input: string) => ({
      base: { input, outputs: { value, host: value } },
      network: { dependencies: ["base"] },
    });
    applied(await deploy(app("a", "one")));
    expect(results(applied(await deploy(app("a", "one"))))).toEqual({
      base: "unchanged",
      network: "skipped",
    });
    expect(results(applied(await deploy(app("a", "two"))))).toEqual({ base: "applied", network: "skipped" });
    expect(results(applied(await deploy(app("b", "two"))))).toEqual({
      base: "applied",
      network: "unchanged",
    });
  });

  test("after it was deployed as an ordinary stack in between", async () => {
    applied(await deploy({ network: network() }));
    applied(await world.deploy({ network: network({ input: "two" }) }));
    expect(results(applied(await deploy({ network: network() })))).toEqual({ network: "applied" });
  });

  test("after it failed half-way", async () => {
    applied(await deploy({ network: network() }));
    await deploy({ network: network({ command: "exit 1" }) });
    expect(results(applied(await deploy({ network: network() })))).toEqual({ network: "applied" });
  });
});

describe("a provisioning stack that goes on failing for a passing reason", () => {
  const failing = { command: 'echo "connection reset by peer" >&2; exit 1' };

  test("is postponed when what others read of it is known and stays; the rest is deployed", async () => {
    applied(await deploy({ network: network(), service: service() }));
    const outcome = await deploy({ network: network(failing), service: service("two") });
    expect(results(applied(outcome))).toEqual({ network: "postponed", service: "applied" });
    expect(reportOf(outcome, "network")).toMatchObject({
      tries: 2,
      reason: expect.stringContaining("connection reset"),
    });
    expect(await world.outputs("service")).toMatchObject({ url: "10.0.0.1" });
    const next = await deploy({ network: network(), service: service("two") });
    expect(results(applied(next))).toEqual({ network: "applied", service: "unchanged" });
  });

  test("stops the deployment when something that others read of it changes", async () => {
    applied(await deploy({ network: network(), service: service() }));
    const changed = { ...network(failing), outputs: { host: "10.0.0.2" } };
    const outcome = await deploy({ network: changed, service: service("two") });
    expect(outcome).toMatchObject({ kind: "failed", failure: { class: "transient" } });
    expect(results(outcome)).toEqual({ network: "failed", service: "not-run" });
    // By now the failed apply has written the output, so that the next plan leaves it alone.
    const again = await deploy({ network: changed, service: service("two") }, { supersedes: true });
    expect(results(again)).toEqual({ network: "failed", service: "not-run" });
  });

  test("stops the deployment when it has never succeeded, even if nobody reads anything of it", async () => {
    const outcome = await deploy({ network: network(failing), alone: {} });
    expect(results(outcome)).toEqual({ network: "failed", alone: "applied" });
    expect(outcome.kind).toBe("failed");
  });

  test("stops it too when the reason does not pass, or the stack is an ordinary one", async () => {
    const app = { network: network(), service: service() };
    applied(await deploy(app));
    const broken = await deploy({ ...app, network: network({ command: "exit 1" }) });
    expect(results(broken)).toEqual({ network: "failed", service: "not-run" });
    const ordinary = await deploy({ ...app, network: network(failing) }, { policy: { stacks: {} } });
    expect(results(ordinary)).toEqual({ network: "failed", service: "not-run" });
  });

  test("supersedes: it goes on only because its state has moved, so that no older plan can be applied", async () => {
    applied(await deploy({ network: network(), service: service() }));
    const attemptId = "e".repeat(40);
    const outcome = await deploy(
      { network: network(failing), service: service("two") },
      { supersedes: true, attemptId },
    );
    expect(results(applied(outcome))).toEqual({ network: "postponed", service: "applied" });
    expect(await world.outputs("network")).toMatchObject({ waymark_attempt: attemptId });
  });
});

test("a policy that names a stack which the app does not have is told so", async () => {
  const outcome = await deploy({ other: {} });
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "stack-unknown" } });
});

test("nothing of what is remembered holds a value", async () => {
  applied(await deploy({ network: network({ outputs: { host: "10.0.0.1", token: "very-secret-value" } }) }));
  const { store } = world.input({});
  const note = await readFile(join(store.directory, "provisioned/7/network/note.json"), "utf8");
  expect(note).toContain('"host"');
  expect(note).not.toMatch(/very-secret-value|10\.0\.0\.1/);
});
