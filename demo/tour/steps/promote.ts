import { merge, openPullRequest } from "../../stage/release.ts";
import type { EnvironmentName } from "../../stage/shop-source.ts";
import type { Stage } from "../../stage/stage.ts";
import { expectDeployed } from "../deployed.ts";
import type { Memory, Step } from "../step.ts";

/** From which branch each environment is promoted, and to which. */
const ways = {
  staging: { head: "dev", base: "main" },
  prod: { head: "main", base: "prod" },
} as const;

/** Opens and merges the pull request that promotes to an environment, and waits for it. */
export async function promote(
  stage: Stage,
  memory: Memory,
  environment: Exclude<EnvironmentName, "dev">,
  number: number,
  version: string,
): Promise<readonly string[]> {
  const { head, base } = ways[environment];
  const merged = await merge(
    stage,
    await openPullRequest(stage, head, base, `Promote ${version} to ${environment}`),
  );
  memory.commits.set(`${environment} ${version}`, merged.commit);
  const expected = { environment, number, version, commit: merged.commit, since: merged.at };
  const { seconds, evidence } = await expectDeployed(stage, expected);
  memory.mergeToTag.push(seconds);
  return evidence;
}

export const promoteAll: Step = {
  name: "merge dev into main and main into prod: staging and prod deploy",
  play: async (stage, memory) => [
    ...(await promote(stage, memory, "staging", 1, "1.0.0")),
    ...(await promote(stage, memory, "prod", 1, "1.0.0")),
  ],
};
