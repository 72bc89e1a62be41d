import { merge, proposeFirstRelease } from "../../stage/release.ts";
import { expectDeployed } from "../deployed.ts";
import type { Step } from "../step.ts";

export const firstDeploy: Step = {
  name: "merge a feature into dev: dev deploys",
  play: async (stage, memory) => {
    const merged = await merge(stage, await proposeFirstRelease(stage, { version: "1.0.0", healthy: true }));
    memory.commits.set("dev 1.0.0", merged.commit);
    const expected = {
      environment: "dev",
      number: 1,
      version: "1.0.0",
      commit: merged.commit,
      since: merged.at,
    } as const;
    return (await expectDeployed(stage, expected)).evidence;
  },
};
