import { expect, test } from "vitest";
import { startPhaseClock } from "../../jobs/phase-clock.ts";

test("each phase lasts until the next one begins; a stack's share of one begins none", () => {
  let now = 100;
  const clock = startPhaseClock(() => now);
  const at = (time: number, note?: () => void): void => {
    now = time;
    note?.();
  };
  at(150, () => clock.note({ phase: "synth" }));
  at(450, () => clock.note({ phase: "apply" }));
  at(500, () => clock.note({ phase: "plan", stack: "web" }));
  at(1450);
  expect([...clock.phases()]).toEqual([
    ["checkout", 50],
    ["synth", 300],
    ["apply", 1000],
  ]);
  expect(clock.elapsed()).toBe(1350);
  at(1500);
  expect(clock.phases().get("apply")).toBe(1050);
});

test("a phase that comes twice is added up", () => {
  let now = 0;
  const clock = startPhaseClock(() => now);
  for (const phase of ["synth", "init", "synth"] as const) {
    clock.note({ phase });
    now += 10;
  }
  expect(Object.fromEntries(clock.phases())).toEqual({ checkout: 0, synth: 20, init: 10 });
});
