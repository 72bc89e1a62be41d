import type { Binding, Registry } from "./schema.ts";

/** What an environment of a repository was given; undefined when the admin has not provisioned it (yet). */
export function bindingFor(
  registry: Registry,
  repositoryId: number,
  environmentName: string,
): Binding | undefined {
  return registry.bindings.find(
    (binding) => binding.repositoryId === repositoryId && binding.environment === environmentName,
  );
}
