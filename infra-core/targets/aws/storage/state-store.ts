import type { Construct } from "constructs";
import { keyAlias, type Owner, stateBucketName } from "../names.ts";
import type { Place } from "../place.ts";
import { Store } from "./store.ts";

export interface EnvironmentStoreOptions {
  readonly owner: Owner;
  readonly place: Place;
  /** ARNs. */
  readonly planRole: string;
  readonly applyRole: string;
  readonly administrators: readonly string[];
}

/**
 * The states of one environment, `<owner>/<repository>/<stack>.tfstate`, and their locks beside them (`use_lockfile`).
 * A state that was overwritten can be restored for three months, and its last twenty versions for ever.
 */
export const stateStore = (scope: Construct, options: EnvironmentStoreOptions): Store =>
  new Store(scope, "state", {
    place: options.place,
    bucketName: stateBucketName(options.owner, options.place.account),
    keyAlias: keyAlias(options.owner, "state"),
    keptDays: 90,
    keptVersions: 20,
    readers: [options.planRole],
    writers: [options.applyRole],
    administrators: options.administrators,
  });
