import { join } from "node:path";
import type { LocalPlace } from "./places.ts";
import type { Binding } from "./schema.ts";

/**
 * Where an environment's bundles and notes are on a worker's machine: the binding's own directory, or one below
 * WAYMARK_HOME where its artifacts are elsewhere. `home`: absolute.
 */
export function localStore(
  { artifacts, repositoryId, environment }: Pick<Binding, "artifacts" | "repositoryId" | "environment">,
  home: string,
): LocalPlace {
  if (artifacts.type === "local") return artifacts;
  return { type: "local", directory: join(home, "stores", String(repositoryId), environment) };
}
