/** A registry as the core stack would write it, for two repositories; change what a test is about. */
export function registryFixture() {
  return {
    version: 1,
    environments: [
      { name: "dev", branch: "dev", after: null as string | null },
      { name: "prod", branch: "prod", after: "dev" },
      { name: "experiment" },
    ],
    repositories: [
      { id: 1, fullName: "acme/shop" },
      { id: 2, fullName: "acme/site" },
    ],
    bindings: [binding(1, "dev"), binding(1, "prod"), binding(2, "dev")],
  };
}

export function binding(repositoryId: number, environment: string) {
  return {
    repositoryId,
    environment,
    backend: { type: "local", directory: `/srv/state/${repositoryId}/${environment}` },
    artifacts: { type: "local", directory: `/srv/artifacts/${repositoryId}/${environment}` },
  };
}
