import { sessionTags } from "../../../../adapters/aws/session-tags.ts";
import type { Owner } from "../names.ts";
import { aws, condition, isPresent, type Statement } from "../policy.ts";
import { externalId } from "../session.ts";

export interface TrustOptions {
  readonly owner: Owner;
  /** ARN of the role that the workers run as. */
  readonly service: string;
}

/**
 * Only the service may take the role, and only for a session that says what it is for: the right ExternalId, this
 * environment, a repository and a deployment. The source identity stays with all that the session does, in CloudTrail
 * too, and can't be changed on the way. The registered repositories are not listed here: a trust policy holds 2,048
 * characters, and a session reaches no other repository's objects anyhow.
 */
export function serviceTrust({ owner, service }: TrustOptions): Statement[] {
  const principals = aws(service);
  const environment = condition(
    "StringEquals",
    `aws:RequestTag/${sessionTags.environment}`,
    owner.environment,
  );
  const identity = condition("StringEquals", "sts:SourceIdentity", owner.name);
  return [
    {
      sid: "Assume",
      principals,
      actions: ["sts:AssumeRole"],
      condition: [
        condition("StringEquals", "sts:ExternalId", externalId(owner)),
        environment,
        isPresent(`aws:RequestTag/${sessionTags.repository}`),
        isPresent(`aws:RequestTag/${sessionTags.deployment}`),
        identity,
      ],
    },
    // Other tags could mean something to policies that Waymark knows nothing of.
    { sid: "Tag", principals, actions: ["sts:TagSession"], condition: [environment, onlyOurTags] },
    { sid: "Name", principals, actions: ["sts:SetSourceIdentity"], condition: [identity] },
  ];
}

const onlyOurTags = condition("ForAllValues:StringEquals", "aws:TagKeys", ...Object.values(sessionTags));
