import type { Construct } from "constructs";
import { artifactBucketName, keyAlias } from "../names.ts";
import type { EnvironmentStoreOptions } from "./state-store.ts";
import { Store } from "./store.ts";

/**
 * The bundles and logs of one environment, `<owner>/<repository>/…`. Its key is not the state's: who may read a log
 * can't read a password in a state. Bundles are never removed, since a rollback applies the very bytes that ran before;
 * an object that was overwritten by mistake can be restored for a month.
 */
export const artifactStore = (scope: Construct, options: EnvironmentStoreOptions): Store =>
  new Store(scope, "artifacts", {
    place: options.place,
    bucketName: artifactBucketName(options.owner, options.place.account),
    keyAlias: keyAlias(options.owner, "files"),
    keptDays: 30,
    keptVersions: 1,
    readers: [options.planRole],
    writers: [options.applyRole],
    administrators: options.administrators,
  });
