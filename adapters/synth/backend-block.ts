import { join } from "node:path";
import { settingsOf } from "../registry/places.ts";
import type { Binding } from "../registry/schema.ts";

/** A Terraform backend as a stack's JSON spells it. */
export interface BackendBlock {
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Where the state of one stack lives. The repository's id, or its name in the registry, is part of the place: a renamed
 * repository keeps its state. No block names a role, key or profile, which a saved plan would carry into the apply.
 */
export function backendFor(
  { backend }: Pick<Binding, "backend">,
  repositoryId: number,
  stack: string,
): BackendBlock {
  const file = `${stack}.tfstate`;
  switch (backend.type) {
    case "local":
      return { type: "local", config: { path: join(backend.directory, String(repositoryId), file) } };
    case "s3": {
      // The bucket encrypts by itself, with its own key: to name an algorithm here could only weaken that.
      const { bucket, prefix, region } = backend;
      return { type: "s3", config: { bucket, key: `${prefix}/${file}`, region, use_lockfile: true } };
    }
    default:
      return { type: backend.type, config: settingsOf(backend, stack) };
  }
}
