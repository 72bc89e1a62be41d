import { Construct } from "constructs";
import { assumeRoles } from "../access/assume.ts";
import { deployDatabase } from "../access/database.ts";
import { deployIdentities, type ServicePrincipals } from "../access/identities.ts";
import { deployNetwork } from "../access/network.ts";
import { readOwnObjects, writeOwnObjects, writeOwnStates } from "../access/objects.ts";
import { observeApplication } from "../access/observe.ts";
import { deployService } from "../access/service.ts";
import type { Place } from "../place.ts";
import type { DeploymentRoleOptions, Stores } from "./plan-role.ts";
import { ServiceRole } from "./service-role.ts";

export interface ApplyRoleOptions extends DeploymentRoleOptions {
  readonly place: Place;
  readonly services: ServicePrincipals;
  /** ARNs of managed policies for what an application needs beyond the built-in ones. */
  readonly policies: readonly string[];
}

/**
 * Applies plans that were approved. It may make and change what an application consists of, each thing only with this
 * environment's tag on it; its own repository's states and bundles; and nothing of the core stack. The boundary says
 * no once more, also to whatever the admin's extra policies grant.
 */
export class ApplyRole extends Construct {
  readonly arn: string;
  private readonly role: ServiceRole;

  constructor(scope: Construct, id: string, options: ApplyRoleOptions) {
    super(scope, id);
    const { owner, place, boundaryArn } = options;
    const target = { place, environment: owner.environment, boundaryArn };
    this.role = new ServiceRole(this, "role", { ...options, purpose: "apply", longestSession: 14_400 });
    this.role.allow("observe", observeApplication);
    this.role.allow("network", deployNetwork(target));
    this.role.allow("database", deployDatabase(target));
    this.role.allow("service", deployService(target));
    this.role.allow("identities", deployIdentities(target, options.services));
    if (options.assumable.length > 0) this.role.allow("assume", assumeRoles(options.assumable));
    for (const policy of options.policies) this.role.attach(policy);
    this.arn = this.role.arn;
  }

  /** The stores name the role in their policies: they come after it. */
  use({ state, artifacts }: Stores): void {
    this.role.allow("state", [...readOwnObjects(state.bucketArn), ...writeOwnStates(state.bucketArn)]);
    this.role.allow("artifacts", [
      ...readOwnObjects(artifacts.bucketArn),
      ...writeOwnObjects(artifacts.bucketArn),
    ]);
  }
}
