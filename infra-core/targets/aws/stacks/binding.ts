import type { RegisteredRepository } from "../../../../adapters/registry/schema.ts";
import type { AwsEnvironment } from "../config.ts";
import type { ImageRepository } from "../delivery/image-repository.ts";
import type { ApplyRole } from "../identity/apply-role.ts";
import type { PlanRole, Stores } from "../identity/plan-role.ts";
import type { Owner } from "../names.ts";
import type { Place } from "../place.ts";
import { externalId } from "../session.ts";
import type { Store } from "../storage/store.ts";

export interface Roles {
  readonly plan: PlanRole;
  readonly apply: ApplyRole;
}

export interface BindingOptions {
  readonly owner: Owner;
  readonly place: Place;
  readonly repository: RegisteredRepository;
  readonly roles: Roles;
  readonly stores: Stores;
  readonly images: ImageRepository | undefined;
  readonly limits: Pick<AwsEnvironment, "assumable" | "forbids">;
}

/** What one repository was given in one environment, for the core registry. It names no key: roles are taken. */
export function bindingOf(options: BindingOptions) {
  const { owner, place, repository, roles, stores, images, limits } = options;
  const { account, region } = place;
  const placeOf = ({ bucketName, keyArn }: Store) => ({
    type: "s3",
    bucket: bucketName,
    prefix: repository.fullName,
    region,
    kmsKeyId: keyArn,
  });
  return {
    repositoryId: repository.id,
    environment: owner.environment,
    backend: placeOf(stores.state),
    artifacts: placeOf(stores.artifacts),
    aws: {
      account,
      region,
      planRole: roles.plan.arn,
      applyRole: roles.apply.arn,
      externalId: externalId(owner),
      sourceIdentity: owner.name,
      ...(limits.assumable.length > 0 && { assumable: limits.assumable }),
    },
    images: images?.url,
    forbids: limits.forbids,
  };
}
