import { merge, proposeRelease } from "../../stage/release.ts";
import { environmentNames } from "../../stage/shop-source.ts";
import type { Stage } from "../../stage/stage.ts";
import { until } from "../../stage/wait.ts";
import { expectCurrent, expectDeployed, untilSettled } from "../deployed.ts";
import { expect, type Step } from "../step.ts";

/** The records that stand when this step begins. */
const records = { dev: 3, staging: 2, prod: 3 } as const;

export const disaster: Step = {
  name: "kill everything, wipe Redis, withhold a webhook: the sweep finds the merge",
  play: async (stage) => {
    const before = await instances(stage);
    await stage.killWaymark();
    await stage.wipeRedis();
    const asked = stage.github.requests.length;
    await stage.startWaymark();
    await until("a sweep", async () =>
      stage.github.requests.slice(asked).some(({ path }) => path.includes("/app/hook/deliveries")),
    );
    for (const name of environmentNames) await untilSettled(stage, name, records[name]);
    const recovered = [
      "web and worker were killed with -9, Redis was wiped, both were started again",
      ...(await Promise.all(environmentNames.map((name) => expectCurrent(stage, name, records[name])))),
      expect((await instances(stage)) === before, "nothing was applied again: the same processes still run"),
    ];
    return [...recovered, ...(await missedMerge(stage))];
  },
};

async function missedMerge(stage: Stage): Promise<readonly string[]> {
  const number = await proposeRelease(stage, { version: "1.4.0", healthy: true });
  await stage.github.idle();
  stage.github.faults.onDelivery({ event: "push", effect: "drop" });
  stage.github.faults.onDelivery({ event: "pull_request", effect: "drop" });
  const merged = await merge(stage, number);
  const expected = {
    environment: "dev",
    number: 4,
    version: "1.4.0",
    commit: merged.commit,
    since: merged.at,
  } as const;
  const { evidence } = await expectDeployed(stage, expected);
  await untilSettled(stage, "dev", 4);
  return ["the webhooks of a merge were lost", ...evidence, await expectCurrent(stage, "dev", 4)];
}

async function instances(stage: Stage): Promise<string> {
  const services = await Promise.all(environmentNames.map((name) => stage.look.service(stage.ports[name])));
  return services.map(({ instance }) => instance).join(" ");
}
