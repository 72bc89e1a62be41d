import { type ObjectStore, openObjectStore } from "../../adapters/aws/object-store.ts";
import type { Phase } from "../../adapters/aws/session-request.ts";
import type { DeploymentSessions } from "../../adapters/aws/sessions.ts";
import type { Backend, S3Place } from "../../adapters/registry/places.ts";
import type { DeploymentInput } from "./deployment.ts";

/** What an environment keeps beside this machine: bundles and logs, or states. */
export interface Bucket {
  readonly place: S3Place;
  /** Opens it for as long as it is used. Errors: those of taking a role, and of what is done. */
  use<Result>(
    phase: Extract<Phase, "plan" | "artifacts">,
    act: (objects: ObjectStore) => Promise<Result>,
  ): Promise<Result>;
}

/** How long one use may take, in seconds. */
const longestUse = 600;

/** Undefined: the environment's artifacts are on this machine and nowhere else. */
export function bucketOf(
  { binding: { artifacts } }: Pick<DeploymentInput, "binding">,
  sessions: DeploymentSessions | undefined,
): Bucket | undefined {
  return bucketAt(artifacts, sessions);
}

/** Undefined: the place is in no bucket. */
export function bucketAt(place: Backend, sessions: DeploymentSessions | undefined): Bucket | undefined {
  if (place.type !== "s3" || sessions === undefined) return undefined;
  return {
    place,
    use: async (phase, act) => {
      const objects = await openObjectStore(place, await sessions.keysFor(phase, longestUse));
      try {
        return await act(objects);
      } finally {
        objects.close();
      }
    },
  };
}
