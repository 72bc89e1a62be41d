import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { buildGate, type Gate } from "../../aws/gate.ts";
import { bindingOf } from "../../aws/session.ts";
import { awsOf } from "../../aws/stage.ts";
import { keysBelow } from "../../aws/versions.ts";
import { merge, proposeRelease } from "../../stage/release.ts";
import type { Stage } from "../../stage/stage.ts";
import { until } from "../../stage/wait.ts";
import { expectDeployed, nextRecord, untilSettled } from "../deployed.ts";
import { expect, type Step } from "../step.ts";

const version = "1.5.0";

export const expiredSession: Step = {
  name: "the session of an apply expires in its middle: its state is pushed back",
  play: async (stage) => {
    await using gate = await buildGate();
    const aws = awsOf(stage);
    const number = await nextRecord(stage, "dev");
    const merged = await merge(stage, await proposeSlowRelease(stage, gate));
    await until("the apply", async () => gate.entered());
    const { instance } = await stage.look.service(stage.ports.dev);
    await aws.moto.endSessions();
    gate.open();
    const expected = {
      environment: "dev",
      number,
      version,
      commit: merged.commit,
      since: merged.at,
    } as const;
    const { evidence } = await expectDeployed(stage, expected);
    await untilSettled(stage, "dev", number);
    const after = await stage.look.service(stage.ports.dev);
    const { backend } = await bindingOf(aws, "dev");
    const keys = await keysBelow(aws, { Bucket: backend.bucket, Key: backend.prefix });
    return [
      "AWS ended every session that there was, while an apply started the new service",
      expect(
        await couldNotStore(stage),
        "Terraform could not store the state (ExpiredToken): errored.tfstate",
      ),
      ...evidence,
      expect(
        after.instance === instance,
        "the state was pushed back: what that apply had made was not made again",
      ),
      expect(!keys.some((key) => key.endsWith(".tflock")), "the lock that it left is released"),
    ];
  },
};

/** Its service starts, and then its apply waits at the gate. */
async function proposeSlowRelease(stage: Stage, { url }: Gate): Promise<number> {
  return await proposeRelease(stage, { version, healthy: true }, async (clone) => {
    const file = path.join(clone, "service", "start.mjs");
    const wait = `await fetch(${JSON.stringify(url)}).catch(() => undefined);\n`;
    await writeFile(file, `${await readFile(file, "utf8")}${wait}`);
  });
}

/** The worker's log tells of it. */
async function couldNotStore({ directory }: Stage): Promise<boolean> {
  const log = await readFile(path.join(directory, "logs", "worker.log"), "utf8");
  return log.split("\n").some((line) => /"stack":"service".*ExpiredToken.*errored\.tfstate/.test(line));
}
