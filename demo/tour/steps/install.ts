import { until } from "../../stage/wait.ts";
import { expect, type Step } from "../step.ts";

export const install: Step = {
  name: "create acme/shop and install Waymark on it",
  play: async (stage) => {
    await stage.startWaymark();
    const { installationId } = stage.github.install(stage.app, "acme", ["acme/shop"], "alice");
    const refs = await stage.look.refs();
    const branches = ["dev", "main", "prod"].filter((branch) => refs.has(`refs/heads/${branch}`));
    const ready = await fetch(`${stage.webUrl}/readyz`);
    const head = refs.get("refs/heads/dev") ?? "";
    const check = await until("the first check run", async () => {
      const seen = await stage.look.check(head, "deploy/dev");
      return seen?.status === "completed" ? seen : undefined;
    });
    return [
      expect(branches.length === 3, `acme/shop has the branches ${branches.join(", ")}`),
      `installation ${installationId}`,
      expect(ready.status === 200, `${stage.webUrl}/readyz answers ${ready.status}`),
      expect(check.conclusion === "neutral", `check run deploy/dev: ${check.title}`),
    ];
  },
};
