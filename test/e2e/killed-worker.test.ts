import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { merge, proposeFirstRelease, untilChecked, untilRecord } from "../../demo/stage/release.ts";
import { createStage, type Stage } from "../../demo/stage/stage.ts";
import { tearDown } from "../../demo/stage/tear-down.ts";
import { until } from "../../demo/stage/wait.ts";
import { expectCurrent, untilSettled } from "../../demo/tour/deployed.ts";
import { bootstrap } from "../../demo/tour/steps/bootstrap.ts";
import { install } from "../../demo/tour/steps/install.ts";
import { expectConformance } from "../conformance/conformance.ts";
import { freshDirectory } from "../support/directory.ts";
import { openWitness, type Witness } from "./witness.ts";

let stage: Stage;
let witness: Witness;

beforeAll(async () => {
  witness = await openWitness();
  stage = await createStage(await freshDirectory());
  const memory = { commits: new Map(), mergeToTag: [] };
  await bootstrap.play(stage, memory);
  await install.play(stage, memory);
});

afterAll(async () => {
  witness.release();
  await tearDown(stage);
  await witness.close();
});

/** The resource's own script asks the witness before it does anything. */
async function askWitness(clone: string): Promise<void> {
  const script = path.join(clone, "service", "start.mjs");
  const question = `await fetch("${witness.url}", { method: "POST", body: process.env.SERVICE_VERSION });\n`;
  await writeFile(script, question + (await readFile(script, "utf8")));
}

it("a worker that is killed in mid-apply leaves Terraform running, and the next one applies nothing twice", async () => {
  const merged = await merge(
    stage,
    await proposeFirstRelease(stage, { version: "1.0.0", healthy: true }, askWitness),
  );
  await until("the apply to reach the resource", async () => witness.asked.length > 0);

  await stage.killWaymark();
  await stage.startWaymark();
  witness.release();

  await untilRecord(stage, "dev", 1, merged.at);
  const check = await untilChecked(stage, merged.commit, "deploy/dev");
  await untilSettled(stage, "dev", 1);
  expect(check.conclusion).toBe("success");
  expect(await stage.look.service(stage.ports.dev)).toMatchObject({ version: "1.0.0" });
  expect(witness.asked).toEqual(["1.0.0"]);
  await expectCurrent(stage, "dev", 1);
  await expectConformance(stage.github);
});
