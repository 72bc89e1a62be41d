import { IamOpenidConnectProvider } from "@cdktn/provider-aws/lib/iam-openid-connect-provider/index.js";
import { Construct } from "constructs";
import type { Place } from "../place.ts";

/** Who signs the tokens of GitHub's workflows. */
export const issuer = "token.actions.githubusercontent.com";

/** For whom a workflow asks its token: AWS's login action does so by default, in China too. */
export const audience = ({ dnsSuffix }: Place): string => `sts.${dnsSuffix}`;

/**
 * An account's trust in GitHub's tokens; an account can hold only one. By itself it lets nobody in: each role says
 * whose token it takes. AWS checks GitHub's certificate against its own list of authorities, so no thumbprint is pinned.
 */
export class OidcProvider extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, place: Place) {
    super(scope, id);
    const provider = new IamOpenidConnectProvider(this, "provider", {
      url: `https://${issuer}`,
      clientIdList: [audience(place)],
    });
    this.arn = provider.arn;
  }
}
