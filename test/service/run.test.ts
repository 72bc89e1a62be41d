import { expect, it } from "vitest";
import { startProgram } from "./support.ts";

const program = (mode: string) => startProgram("test/service/run-program.ts", [mode]);

it.each(["SIGTERM", "SIGINT"] as const)("%s closes once, and the process ends well", async (signal) => {
  const started = await program("plain");
  await started.says("started");
  expect(await started.end(signal)).toBe(0);
  expect(started.out()).toBe("started\nclosing\nclosed\n");
  expect(started.err()).toBe("");
});

it("a second signal aborts what is slow to close; a third one adds nothing worse", async () => {
  const started = await program("slow-to-close");
  await started.says("started");
  started.child.kill("SIGINT");
  await started.says("closing");
  started.child.kill("SIGTERM");
  started.child.kill("SIGINT");
  expect(await started.ended()).toBe(0);
  expect(
    started
      .out()
      .match(/clos\w+|aborted/g)
      ?.slice(0, 2),
  ).toEqual(["closing", "aborted"]);
  expect(started.out().match(/closed/g)).toHaveLength(1);
});

it("a signal during the start closes what has started, so that nothing is left behind", async () => {
  const started = await program("slow-to-start");
  await started.says("starting");
  expect(await started.end("SIGTERM")).toBe(0);
  expect(started.out()).toBe("starting\nstarted\nclosing\nclosed\n");
});

it("a second signal during the start ends it at once", async () => {
  const started = await program("never-starts");
  await started.says("starting");
  started.child.kill("SIGINT");
  expect(await started.end("SIGTERM")).toBe(1);
});

it("what fails on purpose is told in words: what, its code, and what to do", async () => {
  const started = await program("fails-on-purpose");
  expect(await started.ended()).toBe(1);
  expect(started.err()).toBe("waymark: What went wrong. (a-code)\nDo this.\n");
});

it("what nobody foresaw is told with its stack, without tokens", async () => {
  const started = await program("fails-by-surprise");
  expect(await started.ended()).toBe(1);
  expect(started.err()).toMatch(/^waymark: cannot read \*\*\* \(unexpected\)\n.+\nTypeError: .+\n +at /);
  expect(started.err()).not.toContain("ghs_");
});

it("a thrown text is told, too", async () => {
  const started = await program("throws-a-text");
  expect(await started.ended()).toBe(1);
  expect(started.err()).toContain("waymark: only a text (unexpected)");
});

it("an end that goes wrong is no good end", async () => {
  const started = await program("fails-to-close");
  await started.says("started");
  expect(await started.end("SIGTERM")).toBe(1);
  expect(started.err()).toContain("the end went wrong");
});
