import { expect, test } from "vitest";
import type { AwsKeys } from "../../../adapters/aws/keys.ts";
import { longestStep } from "../../../adapters/aws/lifetime.ts";
import type { Phase } from "../../../adapters/aws/session-request.ts";
import { deploymentSessions } from "../../../adapters/aws/sessions.ts";
import { sessionOwner } from "./session-owner.ts";

/** Sessions of an hour each, by a clock that the test turns. The first `refusals` are refused. */
function clockwork({ life = 3_600, refusals = 0 } = {}) {
  const clock = { now: 0 };
  const taken: Phase[] = [];
  const take = async (_owner: unknown, phase: Phase): Promise<AwsKeys> => {
    taken.push(phase);
    if (taken.length <= refusals) throw new Error("refused");
    return {
      accessKeyId: `key ${taken.length}`,
      secretAccessKey: "secret",
      sessionToken: "token",
      expiresAt: clock.now + life * 1000,
      region: "eu-central-1",
    };
  };
  const sessions = deploymentSessions(sessionOwner(), take, () => clock.now);
  const keyFor = async (phase: Phase, step: number) => (await sessions.keysFor(phase, step)).accessKeyId;
  return { clock, taken, sessions, keyFor };
}

test("stacks side by side share a session, plans and applies don't", async () => {
  const { taken, keyFor } = clockwork();
  const keys = await Promise.all([keyFor("plan", 60), keyFor("plan", 60), keyFor("apply", 60)]);
  expect([keys, taken]).toEqual([
    ["key 1", "key 1", "key 2"],
    ["plan", "apply"],
  ]);
});

test("a session that would end before the step does is renewed, once for all who wait", async () => {
  const { clock, taken, keyFor } = clockwork();
  expect(await keyFor("apply", 1_800)).toBe("key 1");
  clock.now += 1_800_000;
  expect(await keyFor("apply", 1_800)).toBe("key 1");
  clock.now += 1;
  expect(await Promise.all([keyFor("apply", 1_800), keyFor("apply", 1_800)])).toEqual(["key 2", "key 2"]);
  expect(taken).toEqual(["apply", "apply"]);
});

test("no step begins that no session outlives", async () => {
  const { keyFor } = clockwork();
  expect(await keyFor("apply", longestStep)).toBe("key 1");
  await expect(keyFor("apply", 3_601)).rejects.toMatchObject({
    code: "session-too-short",
    class: "credentials",
  });
});

test("keys that AWS refused are not used again", async () => {
  const { sessions, keyFor } = clockwork();
  await keyFor("plan", 60);
  sessions.renew();
  expect(await keyFor("plan", 60)).toBe("key 2");
});

test("a role that was refused is asked for again", async () => {
  const { keyFor } = clockwork({ refusals: 1 });
  await expect(keyFor("plan", 60)).rejects.toThrow("refused");
  expect(await keyFor("plan", 60)).toBe("key 2");
});
