import { writeFile } from "node:fs/promises";
import { beforeEach, expect, test } from "vitest";
import { adoptRunning } from "../../../jobs/phases/adopt-running.ts";
import { type AwsWorld, begunIn, fileIn, makeAwsWorld, useAws, waitingScript } from "./support/aws.ts";
import { applied, results } from "./support/outcome.ts";
import { startWorker } from "./support/start-worker.ts";

useAws();

let world: AwsWorld;
beforeEach(async () => {
  world = await makeAwsWorld();
});

/** A stack whose resource was made before, and whose replacement runs this script while it deletes the old one. */
async function deletingWith(stack: string, script: string) {
  const specOf = (command: string, triggers_replace: string) => {
    const provisioner = [{ "local-exec": { when: "destroy", command } }];
    const resource = { terraform_data: { thing: { triggers_replace, provisioner } } };
    return { [stack]: { json: { resource, output: undefined } } };
  };
  applied(await world.deploy(specOf("true", "old")));
  return specOf(script, "new");
}

const lockOf = async (stack: string) => await world.object(`${stack}.tfstate.tflock`);

test("a Terraform that was killed leaves its lock, which the same attempt releases before it tries again", async () => {
  const app = await deletingWith("once", "[ -e killed ] || { touch killed; kill -9 $PPID; }");
  expect(applied(await world.deploy(app)).stacks).toMatchObject([{ result: "applied", tries: 2 }]);
  expect(await lockOf("once")).toBeUndefined();
});

test("one that was killed for good leaves it to the next attempt on this machine", async () => {
  const attemptId = "a".repeat(40);
  const outcome = await world.deploy(await deletingWith("twice", "kill -9 $PPID"), { attemptId });
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "terraform-killed" } });
  expect(JSON.parse((await lockOf("twice")) ?? "{}")).toMatchObject({
    Operation: "OperationTypeApply",
    Who: expect.stringMatching(`@waymark-${attemptId}$`),
  });
  const next = await world.deploy(await deletingWith("other", "true"));
  expect(results(applied(next))).toEqual({ other: "applied" });
  applied(await world.deploy({ twice: { json: { resource: undefined, output: undefined } } }));
  expect(await lockOf("twice")).toBeUndefined();
});

test("its worker was killed with it: the next one waits until nothing is left of it, and releases its lock", async () => {
  const app = await deletingWith("lost", waitingScript);
  const worker = await startWorker(world, app);
  await begunIn(world, worker.attemptId, "lost");
  await worker.kill();
  const policy = { lockTimeout: 1 };
  expect(await world.deploy(app, { policy })).toMatchObject({ failure: { code: "state-locked" } });
  await worker.killStep("stacks/lost/apply");
  await adoptRunning(world.tools.home, 7, "dev");
  applied(await world.deploy({ lost: { json: { resource: undefined, output: undefined } } }, { policy }));
  expect(await lockOf("lost")).toBeUndefined();
});

test.each([
  ["a person", "ada@laptop"],
  ["an attempt on another machine", `root@waymark-${"b".repeat(40)}`],
  ["a name that leads elsewhere", "root@waymark-.."],
])("the lock of %s is respected, and its holder told", async (_, Who) => {
  const lock = { ID: "c0ffee00-0000-4000-8000-000000000000", Operation: "OperationTypeApply", Who };
  const Created = "2026-11-21T06:12:33.340002781Z";
  await world.put("held.tfstate.tflock", JSON.stringify({ ...lock, Created, Info: "", Version: "1.11.4" }));
  const outcome = await world.deploy({ held: {} }, { policy: { lockTimeout: 1 } });
  expect(outcome).toMatchObject({
    kind: "failed",
    failure: { code: "state-locked", class: "lock", message: expect.stringContaining(`locked by ${Who}`) },
  });
  expect(await lockOf("held")).toContain(lock.ID);
});

test("of two attempts at once one waits, finds its plan stale, and plans again", async () => {
  const [first, second] = ["d".repeat(40), "e".repeat(40)];
  const holding = world.deploy({ shared: { input: "one", command: waitingScript } }, { attemptId: first });
  const go = await begunIn(world, first, "shared");
  const waiting = world.deploy({ shared: { input: "two" } }, { attemptId: second });
  await fileIn(world, second, "stacks/shared/apply-2/child");
  await writeFile(go, "");
  applied(await holding);
  expect(applied(await waiting).stacks).toMatchObject([{ result: "applied", tries: 2 }]);
  expect(await world.object("shared.tfstate")).toContain('"two"');
});
