import { DataAwsServicePrincipal } from "@cdktn/provider-aws/lib/data-aws-service-principal/index.js";
import { TerraformOutput, TerraformStack } from "cdktn";
import type { Construct } from "constructs";
import { type AwsCoreConfig, type AwsEnvironment, administratorsOf } from "../config.ts";
import { copiersOf } from "../delivery/copiers.ts";
import { Delivery } from "../delivery/delivery.ts";
import type { ImageRepository } from "../delivery/image-repository.ts";
import { githubOf } from "../github/provider.ts";
import { ApplyRole } from "../identity/apply-role.ts";
import { PermissionBoundary } from "../identity/permission-boundary.ts";
import { PlanRole, type Stores } from "../identity/plan-role.ts";
import type { Owner } from "../names.ts";
import { type Place, settle } from "../place.ts";
import { environmentTag, installationTags } from "../session.ts";
import { artifactStore } from "../storage/artifact-store.ts";
import { stateStore } from "../storage/state-store.ts";
import { bindingOf, type Roles } from "./binding.ts";
import { keepOwnState, type OwnState } from "./own-state.ts";

export interface EnvironmentStackOptions {
  readonly config: AwsCoreConfig;
  readonly environment: AwsEnvironment;
  readonly oidcProviderArn: string;
  /** The environment that this one comes after, if images can be copied from there. */
  readonly before?: EnvironmentStack | undefined;
  readonly state: OwnState;
}

/** Everything that one environment is given. Output `bindings`: what the core registry says about it. */
export class EnvironmentStack extends TerraformStack {
  private readonly owner: Owner;
  private readonly place: Place;
  private readonly images = new Map<number, ImageRepository>();

  constructor(scope: Construct, options: EnvironmentStackOptions) {
    const { config, environment, state } = options;
    super(scope, `environment-${environment.name}`);
    keepOwnState(this, config, state);
    this.owner = { name: config.name, environment: environment.name };
    const tags = { ...installationTags(config.name), [environmentTag]: environment.name };
    this.place = settle(this, environment, tags);
    const { owner, place } = this;
    const boundaryArn = new PermissionBoundary(this, "boundary", { owner, place }).arn;
    const roles = this.makeRoles(options, boundaryArn);
    const stores = this.makeStores(config, roles);
    for (const role of Object.values(roles)) role.use(stores);
    this.deliver(options, boundaryArn);
    new TerraformOutput(this, "bindings", {
      value: config.repositories.map((repository) =>
        bindingOf({
          owner,
          place,
          repository,
          roles,
          stores,
          images: this.images.get(repository.id),
          limits: environment,
        }),
      ),
      staticId: true,
    });
  }

  private makeRoles({ environment }: EnvironmentStackOptions, boundaryArn: string): Roles {
    const { owner, place } = this;
    const { service, policies, assumable } = environment;
    const options = { owner, place, service, boundaryArn, assumable };
    return {
      plan: new PlanRole(this, "plan", options),
      apply: new ApplyRole(this, "apply", {
        ...options,
        policies,
        services: {
          tasks: this.principal("ecs-tasks"),
          linked: ["ecs", "elasticloadbalancing", "rds"].map((name) => this.principal(name)),
        },
      }),
    };
  }

  private principal(serviceName: string): string {
    return new DataAwsServicePrincipal(this, `principal-${serviceName}`, { serviceName }).name;
  }

  private makeStores(config: AwsCoreConfig, { plan, apply }: Roles): Stores {
    const options = {
      owner: this.owner,
      place: this.place,
      planRole: plan.arn,
      applyRole: apply.arn,
      administrators: administratorsOf(config, this.place.account),
    };
    return { state: stateStore(this, options), artifacts: artifactStore(this, options) };
  }

  private deliver(options: EnvironmentStackOptions, boundaryArn: string): void {
    const { config, environment, oidcProviderArn, before } = options;
    const { owner, place } = this;
    for (const repository of config.repositories) {
      const delivery = new Delivery(this, `delivery-${repository.id}`, {
        owner,
        place,
        repository,
        branch: environment.branch,
        oidcProviderArn,
        boundaryArn,
        copiers: copiersOf({ config, environment, place, repository }),
        source: before?.images.get(repository.id),
        github: githubOf(this, repository),
        appId: config.github.appId,
      });
      this.images.set(repository.id, delivery.images);
    }
  }
}
