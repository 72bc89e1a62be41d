import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createStage, type Stage } from "../../demo/stage/stage.ts";
import { tearDown } from "../../demo/stage/tear-down.ts";
import type { Memory } from "../../demo/tour/step.ts";
import { steps } from "../../demo/tour/steps/index.ts";
import { expectConformance } from "../conformance/conformance.ts";
import { freshDirectory } from "../support/directory.ts";

/** What `npm run demo` plays: each step builds on the one before, and checks itself from outside. */
describe("the guided tour", () => {
  const memory: Memory = { commits: new Map(), mergeToTag: [] };
  let stage: Stage;

  beforeAll(async () => {
    stage = await createStage(await freshDirectory());
  });

  afterAll(async () => {
    await tearDown(stage);
  });

  it.each(steps)("$name", async ({ play }) => {
    expect((await play(stage, memory)).length).toBeGreaterThan(0);
  });

  it("asked, was answered and was told everything as GitHub describes it", async () => {
    await expectConformance(stage.github);
  });
});
