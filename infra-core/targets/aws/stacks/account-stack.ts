import { TerraformStack } from "cdktn";
import type { Construct } from "constructs";
import type { AwsAccountPlace, AwsCoreConfig } from "../config.ts";
import { OidcProvider } from "../delivery/oidc-provider.ts";
import { settle } from "../place.ts";
import { installationTags } from "../session.ts";
import { keepOwnState, type OwnState } from "./own-state.ts";

/** What an account can hold only once, however many environments are in it. */
export class AccountStack extends TerraformStack {
  /** ARN of the account's trust in GitHub's tokens. */
  readonly oidcProviderArn: string;

  constructor(scope: Construct, config: AwsCoreConfig, where: AwsAccountPlace, state: OwnState) {
    super(scope, `account-${where.account}`);
    keepOwnState(this, config, state);
    const place = settle(this, where, installationTags(config.name));
    this.oidcProviderArn = new OidcProvider(this, "github", place).arn;
  }
}
