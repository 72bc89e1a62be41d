import { randomUUID } from "node:crypto";
import type { AwsKeys } from "../../../../adapters/aws/keys.ts";
import { openObjectStore } from "../../../../adapters/aws/object-store.ts";
import type { S3Place } from "../../../../adapters/registry/places.ts";
import { demand } from "./finding.ts";

/** Beside bundles and logs. Always the same: no role of a deployment may delete it, so the next time overwrites it. */
const probe = "verify/probe";

/** Stores a small object just as bundles and logs are stored, and demands to read it again. */
export async function proveStoring(keys: AwsKeys, place: S3Place): Promise<void> {
  const store = await openObjectStore(place, keys);
  // Never the same, since what is there already is not stored again.
  const content = Buffer.from(randomUUID());
  try {
    await store.put(probe, content);
    const found = await store.read(probe);
    demand(found !== undefined && content.equals(found), "what was stored is not what is read");
  } finally {
    store.close();
  }
}
