import { merge, proposeRelease, untilChecked } from "../../stage/release.ts";
import { expectCurrent } from "../deployed.ts";
import { expect, type Step } from "../step.ts";

export const brokenRelease: Step = {
  name: "promote a release that fails its health check",
  play: async (stage, memory) => {
    const merged = await merge(stage, await proposeRelease(stage, { version: "1.1.0", healthy: false }));
    memory.commits.set("dev 1.1.0", merged.commit);
    const check = await untilChecked(stage, merged.commit, "deploy/dev");
    return [
      expect(check.conclusion === "failure", `check run deploy/dev: ${check.title}`),
      expect(check.summary.includes("/healthz"), "it names the health check that failed"),
      expect(check.summary.includes("What to do"), "it says what to do"),
      expect(check.summary.includes("deploy/dev/1"), "it names the version that is still current"),
      await expectCurrent(stage, "dev", 1),
    ];
  },
};
