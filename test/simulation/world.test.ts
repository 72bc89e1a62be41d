import { expect, it } from "vitest";
import { createObjects } from "./world/objects.ts";
import { createRedis } from "./world/redis.ts";
import { createRemote, type Push } from "./world/remote.ts";
import { createStates, endApply, startApply } from "./world/terraform.ts";

it("a push moves all refs or none, each only from what it is expected to hold", () => {
  const objects = createObjects();
  const pushes: Push[] = [];
  const remote = createRemote(objects, (push) => void pushes.push(push));
  const [one, other] = [objects.addBlob(), objects.addBlob()];
  remote.force("refs/tags/a", one, "alice");
  const stale = remote.push(
    [
      { ref: "refs/tags/a", expected: one, target: other },
      { ref: "refs/tags/b", expected: one, target: other },
    ],
    "bob",
  );
  expect(stale).toMatchObject({ moved: false, why: "stale", refs: ["refs/tags/b"] });
  expect([...remote.refs]).toEqual([["refs/tags/a", one]]);
  const fresh = { ref: "refs/tags/b", expected: undefined, target: other };
  expect(remote.push([{ ref: "refs/tags/a", expected: one, target: undefined }, fresh], "bob").moved).toBe(
    true,
  );
  expect([...remote.refs]).toEqual([["refs/tags/b", other]]);
  expect(pushes.map(({ by, moves }) => [by, moves.length])).toEqual([
    ["alice", 1],
    ["bob", 2],
  ]);
});

it("an apply makes older plans stale, also when it changes nothing", () => {
  const [state] = createStates();
  if (!state) throw new Error("no stack");
  const apply = { environment: "dev", stack: "base", commit: "c1", attempt: "a", isOrphan: () => false };
  const planned = state.serial;
  for (const _ of [1, 2]) {
    expect(startApply(state, apply, state.serial)).toBe(true);
    endApply(state, apply, "well", false);
  }
  expect(startApply(state, apply, planned)).toBe(false);
  expect(state.serial).toBe(2);
});

it("an environment has one waiting and one active job, and a wake-up meanwhile is kept", () => {
  const redis = createRedis();
  const [run, later] = [{}, {}];
  redis.wake("dev");
  redis.wake("dev");
  redis.take("dev", run);
  expect(redis.slot("dev").waiting).toBeUndefined();
  redis.wake("dev");
  redis.finish("dev", run);
  expect(redis.slot("dev").waiting).toEqual({ stalled: false });
  redis.take("dev", later);
  redis.expire("dev");
  redis.finish("dev", later);
  expect(redis.slot("dev").waiting).toEqual({ stalled: true });
});
