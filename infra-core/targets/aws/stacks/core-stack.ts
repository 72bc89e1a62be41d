import { TerraformStack } from "cdktn";
import type { Construct } from "constructs";
import { type AwsCoreConfig, administratorsOf } from "../config.ts";
import { coreBucketName } from "../names.ts";
import { settle } from "../place.ts";
import { installationTags } from "../session.ts";
import { Store } from "../storage/store.ts";
import { keepOwnState, type OwnState } from "./own-state.ts";

/** The bucket of the core stacks' own states, which only administrators reach: no deployment needs any of it. */
export class CoreStack extends TerraformStack {
  constructor(scope: Construct, config: AwsCoreConfig, state: OwnState) {
    super(scope, "core");
    keepOwnState(this, config, state);
    const place = settle(this, config.core, installationTags(config.name));
    new Store(this, "state", {
      place,
      bucketName: coreBucketName(config.name, place.account),
      keyAlias: `alias/${config.name}-core`,
      keptDays: 365,
      keptVersions: 50,
      readers: [],
      writers: [],
      administrators: administratorsOf(config, place.account),
    });
  }
}
