import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bindingOf } from "../../demo/aws/session.ts";
import { awsOf } from "../../demo/aws/stage.ts";
import { keysBelow } from "../../demo/aws/versions.ts";
import { endLeftovers } from "../../demo/stage/leftovers.ts";
import { merge, proposeRelease, retag, untilChecked } from "../../demo/stage/release.ts";
import { createStage, type Stage } from "../../demo/stage/stage.ts";
import { tearDown } from "../../demo/stage/tear-down.ts";
import { expectDeployed, untilSettled } from "../../demo/tour/deployed.ts";
import { type Memory, recall, type Step } from "../../demo/tour/step.ts";
import { bootstrapOnAws } from "../../demo/tour/steps/aws-bootstrap.ts";
import { expiredSession } from "../../demo/tour/steps/aws-expiry.ts";
import { oneLock } from "../../demo/tour/steps/aws-locks.ts";
import { foreignState } from "../../demo/tour/steps/aws-refusals.ts";
import { restoredState } from "../../demo/tour/steps/aws-restore.ts";
import { firstDeploy } from "../../demo/tour/steps/first-deploy.ts";
import { install } from "../../demo/tour/steps/install.ts";
import { freshDirectory } from "../support/directory.ts";

const secondRelease: Step = {
  name: "merge another release into dev",
  play: async (stage) => {
    const merged = await merge(stage, await proposeRelease(stage, { version: "1.1.0", healthy: true }));
    const expected = { environment: "dev", number: 2, version: "1.1.0", commit: merged.commit } as const;
    return (await expectDeployed(stage, { ...expected, since: merged.at })).evidence;
  },
};

const rollback: Step = {
  name: "retag deploy/dev/current: dev rolls back, with its state in S3",
  play: async (stage, memory) => {
    const older = recall(memory, "dev 1.0.0");
    await retag(stage.people.alice, "dev", older);
    await untilSettled(stage, "dev", 3);
    const { conclusion } = await untilChecked(stage, older, "deploy/dev/request");
    const { version } = await stage.look.service(stage.ports.dev);
    const { bucket: Bucket, prefix: Key } = (await bindingOf(awsOf(stage), "dev")).backend;
    const states = await keysBelow(awsOf(stage), { Bucket, Key });
    expect([conclusion, version, states]).toEqual([
      "success",
      "1.0.0",
      ["network", "service"].map((stack) => `${Key}/${stack}.tfstate`),
    ]);
    return states;
  },
};

/** The shortest way through what `npm run demo -- --aws` plays, and what it adds to the tour. */
describe("the tour on AWS", () => {
  const memory: Memory = { commits: new Map(), mergeToTag: [] };
  let stage: Stage;

  beforeAll(async () => {
    stage = await createStage(await freshDirectory(), { aws: true });
  });

  afterAll(async () => {
    await tearDown(stage);
    await expect(stage.look.service(stage.ports.dev)).rejects.toThrow();
    // The next one on this stage finds what this one has kept, and no AWS that knows of it.
    await endLeftovers(stage.directory);
  });

  it.each([
    bootstrapOnAws,
    install,
    firstDeploy,
    secondRelease,
    rollback,
    oneLock,
    foreignState,
    expiredSession,
    restoredState,
  ])("$name", async ({ play }) => {
    expect((await play(stage, memory)).length).toBeGreaterThan(0);
  });
});
