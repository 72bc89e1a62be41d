import { expect, test } from "vitest";
import { timed } from "../../../jobs/phases/timed.ts";
import { silentLog } from "../../support/waymark.ts";

/** What a phase has told, in its order, but for how long it took. */
function listen() {
  const told: string[] = [];
  const io = {
    begun: async () => undefined,
    fence: async () => undefined,
    checkout: async () => undefined,
    remark: () => undefined,
    progress: ({ phase }: { phase: string }) => void told.push(`begins ${phase}`),
    enter: async (phase: string) => void told.push(`enters ${phase}`),
    took: (phase: string, milliseconds: number) => void told.push(`took ${phase} ${milliseconds >= 0}`),
    signal: new AbortController().signal,
    log: silentLog,
  };
  return { told, io };
}

test("a phase is written down before anything of it is done, and told when it is over", async () => {
  const { told, io } = listen();
  const done = timed("synth", io, async () => {
    told.push("done");
    return 7;
  });
  expect(await done).toBe(7);
  expect(told).toEqual(["begins synth", "enters synth", "done", "took synth true"]);
});

test("also of one that fails it is told how long it took", async () => {
  const { told, io } = listen();
  await expect(timed("apply", io, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(told).toContain("took apply true");
});
