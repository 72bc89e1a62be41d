import type { RegisteredRepository } from "../../../../adapters/registry/schema.ts";
import { partitionOf } from "../arn.ts";
import type { AwsCoreConfig, AwsEnvironment } from "../config.ts";
import { corePath, pushRoleName } from "../names.ts";
import { iamArn, type Place } from "../place.ts";
import type { Copier } from "./image-repository.ts";

export interface CopiersOptions {
  readonly config: AwsCoreConfig;
  readonly environment: AwsEnvironment;
  readonly place: Place;
  readonly repository: RegisteredRepository;
}

/** The push roles that bring an environment's images of one repository to the environments after it. */
export function copiersOf({ config, environment, place, repository }: CopiersOptions): Copier[] {
  return config.environments
    .filter((next) => next.after === environment.name && canCopy(environment, next))
    .map(({ name, account }) => {
      const there = { ...place, account };
      const role = pushRoleName({ name: config.name, environment: name }, repository.id);
      return {
        accountArn: iamArn(there, "root"),
        roleArn: iamArn(there, `role${corePath(config.name)}${role}`),
      };
    });
}

/** No identity of one partition is known in another. */
export const canCopy = (from: AwsEnvironment, to: AwsEnvironment): boolean =>
  partitionOf(from.region) === partitionOf(to.region);
