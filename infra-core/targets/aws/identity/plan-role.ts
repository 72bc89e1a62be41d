import { Construct } from "constructs";
import { assumeRoles } from "../access/assume.ts";
import { readOwnObjects } from "../access/objects.ts";
import { observeApplication } from "../access/observe.ts";
import type { Store } from "../storage/store.ts";
import { ServiceRole } from "./service-role.ts";
import type { TrustOptions } from "./service-trust.ts";

export interface DeploymentRoleOptions extends TrustOptions {
  readonly boundaryArn: string;
  /** ARNs of the roles that an app's own providers may take. */
  readonly assumable: readonly string[];
}

/** What both kinds of role work with. */
export interface Stores {
  readonly state: Store;
  readonly artifacts: Store;
}

/**
 * Makes plans, also for code that nobody has approved yet. So it can only look: it reads states but can't write one,
 * nor a lock (plans run with `-lock=false`: a plan that a change overtakes is stale, and is never applied). It reads
 * how the application is configured, not what the application stores: no secret, no table, no object.
 */
export class PlanRole extends Construct {
  readonly arn: string;
  private readonly role: ServiceRole;

  constructor(scope: Construct, id: string, options: DeploymentRoleOptions) {
    super(scope, id);
    this.role = new ServiceRole(this, "role", { ...options, purpose: "plan", longestSession: 3_600 });
    this.role.allow("observe", observeApplication);
    if (options.assumable.length > 0) this.role.allow("assume", assumeRoles(options.assumable));
    this.arn = this.role.arn;
  }

  /** The stores name the role in their policies: they come after it. */
  use({ state, artifacts }: Stores): void {
    this.role.allow("state", readOwnObjects(state.bucketArn));
    this.role.allow("artifacts", readOwnObjects(artifacts.bucketArn));
  }
}
