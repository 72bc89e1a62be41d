import { join } from "node:path";

/** The core stack's own state. */
export const coreStateFile = (home: string): string => join(home, "core", "terraform.tfstate");

/** The file that tells Waymark's processes what was provisioned (WAYMARK_REGISTRY). */
export const registryFile = (home: string): string => join(home, "core", "registry.json");

export const stateDirectory = (home: string, repositoryId: number, environment: string): string =>
  join(home, "state", String(repositoryId), environment);

export const artifactDirectory = (home: string, repositoryId: number, environment: string): string =>
  join(home, "artifacts", String(repositoryId), environment);
