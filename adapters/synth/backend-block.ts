import { join } from "node:path";
import type { Binding } from "../registry/schema.ts";

/** A Terraform backend as a stack's JSON spells it. */
export interface BackendBlock {
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Where the state of one stack lives. The repository's id, not its name, is part of the place: a renamed repository
 * keeps its state.
 */
export function backendFor(
  binding: Pick<Binding, "backend">,
  repositoryId: number,
  stack: string,
): BackendBlock {
  const path = join(binding.backend.directory, String(repositoryId), `${stack}.tfstate`);
  return { type: binding.backend.type, config: { path } };
}
