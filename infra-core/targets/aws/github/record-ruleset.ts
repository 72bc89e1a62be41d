import type { Construct } from "constructs";
import type { GithubProvider } from "./provider.ts";
import { GithubResource } from "./resource.ts";

export interface RecordRulesetOptions {
  readonly provider: GithubProvider;
  /** Without its owner. */
  readonly repository: string;
  readonly environment: string;
  /** The App's id, not an installation's. */
  readonly appId: number;
}

/**
 * `github_repository_ruleset`: only the App creates, moves or deletes an environment's records and its journal. People
 * go on moving `current` and making `frozen`: that is how they ask.
 */
export class RecordRuleset extends GithubResource {
  constructor(
    scope: Construct,
    id: string,
    { provider, repository, environment, appId }: RecordRulesetOptions,
  ) {
    const tags = `refs/tags/deploy/${environment}`;
    super(scope, id, {
      type: "github_repository_ruleset",
      provider,
      attributes: {
        repository,
        name: `Waymark's records of ${environment}`,
        target: "tag",
        enforcement: "active",
        conditions: [{ ref_name: [{ include: [`${tags}/[0-9]*`, `${tags}/attempt`], exclude: [] }] }],
        bypass_actors: [{ actor_id: appId, actor_type: "Integration", bypass_mode: "always" }],
        rules: [{ creation: true, update: true, deletion: true }],
      },
    });
  }
}
