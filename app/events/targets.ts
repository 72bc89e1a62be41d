import { z } from "zod";
import { bindingFor } from "../../adapters/registry/binding.ts";
import type { Registry } from "../../adapters/registry/schema.ts";
import type { WakeUp } from "../../jobs/queues.ts";
import type { Environment } from "../../promotion/environment.ts";
import { parseDeployRef } from "../../promotion/ref.ts";

/** What every event about a repository says. */
export const repositoryEvent = z.object({
  repository: z.object({ id: z.number().int().positive() }),
  installation: z.object({ id: z.number().int().positive() }),
});
export type RepositoryEvent = z.output<typeof repositoryEvent>;

/** The environments of a repository that were provisioned; none for a repository the admin did not name. */
export function boundEnvironments(registry: Registry, repositoryId: number): readonly Environment[] {
  return registry.environments.filter(({ name }) => bindingFor(registry, repositoryId, name) !== undefined);
}

/** The environments that a ref concerns: a branch those that follow it, a deploy tag its own. */
export function environmentsOfRef(environments: readonly Environment[], ref: string): readonly Environment[] {
  const tag = parseDeployRef(ref);
  if (tag) return environments.filter(({ name }) => name === tag.environment);
  return environments.filter(({ branch }) => branch !== null && ref === `refs/heads/${branch}`);
}

export function target(event: RepositoryEvent, environment: Environment): WakeUp {
  return {
    installationId: event.installation.id,
    repositoryId: event.repository.id,
    environment: environment.name,
  };
}
