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

/** The same on AWS: places in buckets, and roles. */
export function awsBinding(repositoryId: number, environment: string) {
  const place = (purpose: string) => ({
    type: "s3",
    bucket: `waymark-${environment}-${purpose}-222222222222`,
    prefix: `acme/repository-${repositoryId}`,
    region: "eu-central-1",
    kmsKeyId: `arn:aws:kms:eu-central-1:222222222222:key/${purpose}`,
  });
  const role = (purpose: string) =>
    `arn:aws:iam::222222222222:role/waymark/waymark-${environment}-${purpose}`;
  return {
    repositoryId,
    environment,
    backend: place("state"),
    artifacts: place("files"),
    aws: {
      account: "222222222222",
      region: "eu-central-1",
      planRole: role("plan"),
      applyRole: role("apply"),
      externalId: `waymark:${environment}`,
      sourceIdentity: "waymark",
    },
  };
}
