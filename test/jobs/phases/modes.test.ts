import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { Stop } from "../../../promotion/stop.ts";
import { applied, results, stopped } from "./support/outcome.ts";
import { useWorld, world } from "./support/scene.ts";

useWorld();

const chain = { base: {}, above: { dependencies: ["base"] }, beside: {} };
const states = async () => (await readdir(world.state)).filter((name) => name.endsWith(".tfstate"));
/** Without the thing that every stack has. */
const emptied = { json: { resource: undefined, output: { value: { value: "gone" } } } };

describe("validate", () => {
  test("checks every stack, and then stops: nothing is planned", async () => {
    const outcome = stopped(await world.deploy(chain, { mode: "validate" }));
    expect(outcome.stop).toMatchObject({ code: "validated", message: "All 3 stacks are valid." });
    expect(results(outcome)).toEqual({ base: "valid", above: "valid", beside: "valid" });
    expect(world.told.filter((line) => /^(plan|apply|fence)/.test(line))).toEqual([]);
    expect(await states()).toEqual([]);
  });

  test("says what is wrong, where, and in which construct", async () => {
    const thing = { inputs: "typo", "//": { metadata: { path: "shop/bad/thing" } } };
    const bad = { json: { resource: { terraform_data: { thing } }, output: undefined } };
    const outcome = await world.deploy({ ...chain, bad }, { mode: "validate" });
    expect(outcome).toMatchObject({
      kind: "failed",
      failure: {
        code: "configuration-invalid",
        class: "code",
        message: expect.stringMatching(
          /^validate of stack bad failed: .*"inputs".*\(construct shop\/bad\/thing, cdk\.tf\.json line \d+\)/,
        ),
      },
    });
    expect(results(outcome)).toMatchObject({ base: "valid", bad: "failed" });
  });
});

describe("whatif", () => {
  test("plans what can be planned; what needs something that changes is pending", async () => {
    const outcome = stopped(await world.deploy(chain, { mode: "whatif" }));
    expect(outcome.stop).toMatchObject({
      code: "planned",
      message: expect.stringMatching(/^The plan of 3 stacks: 2 to add, .* 1 can be planned only once/),
    });
    expect(results(outcome)).toEqual({ base: "planned", above: "pending", beside: "planned" });
    const base = outcome.stacks.find(({ stack }) => stack === "base");
    expect(base).toMatchObject({ adds: 1, plan: { resources: [{ address: "terraform_data.thing" }] } });
    expect(world.told).not.toContain("fence");
    expect(await states()).toEqual([]);
  });

  test("plans a stack whose upstream does not change, also in an attempt that supersedes another one", async () => {
    applied(await world.deploy(chain));
    const changed = { ...chain, above: { dependencies: ["base"], input: "two" } };
    const outcome = stopped(await world.deploy(changed, { mode: "whatif", supersedes: true }));
    expect(results(outcome)).toEqual({ base: "unchanged", above: "planned", beside: "unchanged" });
    expect(await world.outputs("above")).toMatchObject({ value: "one" });
  });

  test("a plan that fails is a failure, and stops what needs it", async () => {
    const broken = { json: { resource: { terraform_data: { thing: { inputs: "typo" } } } } };
    const outcome = await world.deploy({ ...chain, base: broken }, { mode: "whatif" });
    expect(outcome).toMatchObject({ kind: "failed", failure: { class: "code" } });
    expect(results(outcome)).toEqual({ base: "failed", above: "not-run", beside: "planned" });
  });

  test("leaves what is known of provisioning stacks alone", async () => {
    const policy = { stacks: { base: { kind: "provision" } } } as const;
    applied(await world.deploy(chain, { policy }));
    const changed = { ...chain, base: { input: "two" } };
    expect(results(await world.deploy(changed, { policy, mode: "whatif" }))).toMatchObject({
      base: "planned",
    });
    expect(results(await world.deploy(chain, { policy }))).toMatchObject({ base: "skipped" });
  });
});

describe("incremental", () => {
  const incremental = { mode: "incremental" } as const;
  const waits = ({ waits = [] }: Stop) => ({ ...incremental, approved: new Set(waits) });

  test("asks before it deletes, goes on beside it, and applies just that once it is approved", async () => {
    applied(await world.deploy(chain));
    const app = { ...chain, base: emptied, beside: { input: "two" } };
    const { stop, ...outcome } = stopped(await world.deploy(app, incremental));
    expect(stop).toMatchObject({ code: "approval-needed", waits: [expect.stringMatching(/^[0-9a-f]{64}$/)] });
    expect(stop.message).toContain("delete `base: terraform_data.thing`");
    expect(results({ ...outcome, stop })).toEqual({ base: "waiting", above: "not-run", beside: "applied" });
    expect(outcome.stacks.find(({ stack }) => stack === "above")?.reason).toMatch(/base, which waits/);
    expect(await world.outputs("base")).toMatchObject({ value: "one" });

    world.told.length = 0;
    const approved = await world.deploy(app, { ...waits(stop), supersedes: true });
    expect(results(applied(approved))).toEqual({ base: "applied", above: "applied", beside: "applied" });
    expect(world.told.filter((line) => line === "fence")).toHaveLength(3);
    expect(await world.outputs("base")).toMatchObject({ value: "gone" });
  });

  test("asks again for another plan, for another commit, and for a later stack that destroys", async () => {
    const two = { base: { command: "true" }, above: { dependencies: ["base"], command: "true" } };
    applied(await world.deploy(two, incremental));
    const replaced = { base: { command: ":" }, above: { dependencies: ["base"], command: ":" } };
    const first = stopped(await world.deploy(replaced, incremental)).stop;
    expect(first.message).toContain("replace `base: terraform_data.thing`");

    const otherPlan = stopped(await world.deploy({ ...replaced, base: emptied }, waits(first)));
    expect(otherPlan.stop.waits).not.toEqual(first.waits);
    const otherCommit = stopped(await world.deploy(replaced, { ...waits(first), commit: "d".repeat(40) }));
    expect(otherCommit.stop.waits).not.toEqual(first.waits);

    const second = stopped(await world.deploy(replaced, waits(first)));
    expect(results(second)).toEqual({ base: "applied", above: "waiting" });
    expect(results(applied(await world.deploy(replaced, waits(second.stop))))).toEqual({
      base: "unchanged",
      above: "applied",
    });
  });

  test("does not ask again for what a half-way failure left of an approved plan", async () => {
    const failed = `${world.state}/failed`;
    const once = `[ -e ${failed} ] || { touch ${failed}; echo "connection reset by peer" >&2; exit 1; }`;
    const thing = (command: string, version: string) => ({
      triggers_replace: version,
      provisioner: [{ "local-exec": { when: "destroy", command } }],
    });
    const app = (version: string) => {
      const things = { fine: thing("true", version), flaky: thing(once, version) };
      return { only: { json: { resource: { terraform_data: things }, output: undefined } } };
    };
    applied(await world.deploy(app("one")));
    const { stop } = stopped(await world.deploy(app("two"), incremental));
    const outcome = applied(await world.deploy(app("two"), waits(stop)));
    expect(outcome.stacks).toMatchObject([{ result: "applied", tries: 2, replaces: 1 }]);
  });

  test("does not ask before it forgets something, nor in the mode complete", async () => {
    applied(await world.deploy({ only: {} }));
    const removed = [{ from: "terraform_data.thing", lifecycle: [{ destroy: false }] }];
    const forgetting = { json: { ...emptied.json, removed } };
    const outcome = applied(await world.deploy({ only: forgetting }, incremental));
    expect(outcome.stacks[0]?.plan?.resources).toMatchObject([{ action: "forget" }]);
    applied(await world.deploy({ only: {} }, incremental));
    applied(await world.deploy({ only: emptied }));
  });

  test("a failure is told first", async () => {
    applied(await world.deploy({ only: {} }));
    const app = { only: emptied, broken: { command: "exit 3" } };
    const outcome = await world.deploy(app, incremental);
    expect(outcome).toMatchObject({ kind: "failed", failure: { code: "provisioner-failed" } });
    expect(results(outcome)).toEqual({ only: "waiting", broken: "failed" });
  });

  test("a provisioning stack that destroys waits too, and is not taken for unchanged afterwards", async () => {
    const policy = { stacks: { base: { kind: "provision" } } } as const;
    applied(await world.deploy(chain, { policy }));
    const app = { ...chain, base: emptied };
    const first = stopped(await world.deploy(app, { ...incremental, policy }));
    expect(results(first)).toEqual({ base: "waiting", above: "not-run", beside: "unchanged" });
    expect(results(await world.deploy(app, { ...incremental, policy }))).toMatchObject({ base: "waiting" });
    expect(results(await world.deploy(app, { ...waits(first.stop), policy }))).toMatchObject({
      base: "applied",
    });
    expect(results(await world.deploy(app, { policy }))).toMatchObject({ base: "skipped" });
  });
});

test("so much is named of what waits, and no more", async () => {
  const things = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`t${index}`, { input: "x" }]));
  const many = { json: { resource: { terraform_data: things }, output: undefined } };
  applied(await world.deploy({ only: many }));
  const { stop } = stopped(await world.deploy({ only: emptied }, { mode: "incremental" }));
  expect(stop.message.match(/delete /g)).toHaveLength(10);
  expect(stop.message).toMatch(/, and 2 more\.$/);
});
