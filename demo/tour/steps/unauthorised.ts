import { retag, untilChecked } from "../../stage/release.ts";
import { until } from "../../stage/wait.ts";
import { expectCurrent } from "../deployed.ts";
import { expect, recall, type Step } from "../step.ts";

export const unauthorised: Step = {
  name: "somebody without rights retags prod: it is put back",
  play: async (stage, memory) => {
    const wanted = recall(memory, "prod 1.2.0");
    const before = (await stage.look.service(stage.ports.prod)).instance;
    await retag(stage.people.mallory, "prod", wanted);
    const check = await untilChecked(stage, wanted, "deploy/prod/request");
    await until("the tag to be put back", async () => {
      const refs = await stage.look.refs();
      return refs.get("refs/tags/deploy/prod/current") === refs.get("refs/tags/deploy/prod/3");
    });
    const after = await stage.look.service(stage.ports.prod);
    return [
      expect(check.conclusion === "failure", `check run deploy/prod/request: ${check.title}`),
      expect(check.summary.includes("@mallory"), "it says who, and what permission it takes"),
      await expectCurrent(stage, "prod", 3),
      expect(after.instance === before, "nothing was applied: the same process still runs"),
    ];
  },
};
