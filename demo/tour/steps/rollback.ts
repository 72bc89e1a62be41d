import { writeFile } from "node:fs/promises";
import path from "node:path";
import { merge, proposeRelease, retag, untilChecked, untilRecord } from "../../stage/release.ts";
import type { Stage } from "../../stage/stage.ts";
import { until } from "../../stage/wait.ts";
import { expectCurrent, expectDeployed, untilSettled } from "../deployed.ts";
import { expect, recall, type Step } from "../step.ts";
import { promote } from "./promote.ts";

export const goodRelease: Step = {
  name: "bring a good release through to prod",
  play: async (stage, memory) => {
    const merged = await merge(stage, await proposeRelease(stage, { version: "1.2.0", healthy: true }));
    const expected = {
      environment: "dev",
      number: 2,
      version: "1.2.0",
      commit: merged.commit,
      since: merged.at,
    } as const;
    const { seconds, evidence } = await expectDeployed(stage, expected);
    memory.mergeToTag.push(seconds);
    const staging = await promote(stage, memory, "staging", 2, "1.2.0");
    return [...evidence, ...staging, ...(await promote(stage, memory, "prod", 2, "1.2.0"))];
  },
};

export const rollback: Step = {
  name: "retag deploy/prod/current: prod rolls back",
  play: async (stage, memory) => {
    const older = recall(memory, "prod 1.0.0");
    const since = Date.now();
    await retag(stage.people.alice, "prod", older);
    const seconds = await untilRecord(stage, "prod", 3, since);
    const check = await untilChecked(stage, older, "deploy/prod/request");
    await untilSettled(stage, "prod", 3);
    const record = await readTag(stage, "deploy/prod/3");
    const service = await stage.look.service(stage.ports.prod);
    const head = await untilChecked(stage, recall(memory, "prod 1.2.0"), "deploy/prod");
    return [
      expect(service.version === "1.0.0", `prod answers ${service.version} again`),
      expect(/^Kind: rollback$/m.test(record), "deploy/prod/3 says Kind: rollback"),
      expect(/^Requested-By: alice$/m.test(record), "and Requested-By: alice"),
      expect(check.conclusion === "success", `check run deploy/prod/request: ${check.title}`),
      expect(head.title.startsWith("Held by rollback"), `check run deploy/prod on the head: ${head.title}`),
      await verifyTag(stage, "deploy/prod/3"),
      `${seconds.toFixed(1)} s from retag to record`,
    ];
  },
};

export const rollbackHolds: Step = {
  name: "nothing undoes the rollback",
  play: async (stage) => {
    const before = (await stage.look.service(stage.ports.prod)).instance;
    const swept = stage.github.requests.length;
    await redeliverPush(stage, "refs/heads/prod");
    await stage.github.idle();
    await until("two more sweeps", async () => sweepsSince(stage, swept) >= 2);
    await untilSettled(stage, "prod", 3);
    const after = await stage.look.service(stage.ports.prod);
    return [
      "an old push event was delivered again, and two sweeps passed",
      await expectCurrent(stage, "prod", 3),
      expect(after.instance === before, "the very process that was started by the rollback still runs"),
    ];
  },
};

export const failedRollback: Step = {
  name: "a rollback fails; a merge goes forward",
  play: async (stage, memory) => {
    const broken = recall(memory, "dev 1.1.0");
    await retag(stage.people.alice, "dev", broken);
    const check = await untilChecked(stage, broken, "deploy/dev/request");
    const failed = [
      expect(check.conclusion === "failure", `check run deploy/dev/request: ${check.title}`),
      await expectCurrent(stage, "dev", 2),
    ];
    const merged = await merge(stage, await proposeRelease(stage, { version: "1.3.0", healthy: true }));
    const expected = {
      environment: "dev",
      number: 3,
      version: "1.3.0",
      commit: merged.commit,
      since: merged.at,
    } as const;
    const { seconds, evidence } = await expectDeployed(stage, expected);
    memory.mergeToTag.push(seconds);
    return [...failed, ...evidence];
  },
};

async function readTag(stage: Stage, tag: string): Promise<string> {
  await fetchTags(stage);
  return await stage.people.alice.git("cat-file", "tag", `refs/tags/${tag}`);
}

async function fetchTags({ people }: Stage): Promise<void> {
  await people.alice.git("fetch", "--quiet", "--force", "origin", "+refs/tags/deploy/*:refs/tags/deploy/*");
}

/** As anybody can who has the service's public key: `git verify-tag`. */
async function verifyTag(stage: Stage, tag: string): Promise<string> {
  const signers = path.join(stage.directory, "allowed-signers");
  await writeFile(signers, await (await fetch(`${stage.webUrl}/signers`)).text());
  await fetchTags(stage);
  await stage.people.alice.git("-c", `gpg.ssh.allowedSignersFile=${signers}`, "verify-tag", tag);
  return `git verify-tag accepts ${tag}`;
}

/** Asks GitHub to deliver the newest push of a ref once more, as its page of deliveries can. */
async function redeliverPush(stage: Stage, ref: string): Promise<void> {
  const delivery = stage.github.deliveries.findLast(
    ({ event, request }) => event === "push" && request.payload.ref === ref,
  );
  if (!delivery) throw new Error(`no delivery of ${ref}`);
  stage.github.pressRedeliver(delivery.id);
}

/** Each sweep asks once for the log of deliveries. */
function sweepsSince({ github }: Stage, count: number): number {
  return github.requests.slice(count).filter(({ path: asked }) => asked.includes("/app/hook/deliveries"))
    .length;
}
