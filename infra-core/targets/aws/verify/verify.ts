import { assumeRole, type Identity } from "../../../../adapters/aws/assume-role.ts";
import type { AwsKeys } from "../../../../adapters/aws/keys.ts";
import { patience } from "../../../../adapters/aws/patience.ts";
import type { SessionOwner } from "../../../../adapters/aws/session-request.ts";
import { loadRegistry } from "../../../../adapters/registry/load.ts";
import type { S3Place } from "../../../../adapters/registry/places.ts";
import type { Binding, Registry } from "../../../../adapters/registry/schema.ts";
import type { Finding } from "../../../core.ts";
import type { AwsEnvironment } from "../config.ts";
import { s3At } from "../lifecycle/clients.ts";
import { registryAddress } from "../lifecycle/registry-address.ts";
import type { Installation } from "../lifecycle/stacks.ts";
import { proveStoring } from "./artifacts.ts";
import { verifyBucket } from "./bucket.ts";
import { prove } from "./finding.ts";
import { proveAbsence, proveRefused } from "./isolation.ts";
import { proveLock } from "./locks.ts";
import { serviceIdentity } from "./service.ts";

/**
 * Proves, for each environment, what the deployments rely on: its buckets as the admin, everything else as the service,
 * in the very sessions that a deployment gets.
 */
export async function verify(installation: Installation): Promise<Finding[]> {
  const registry = await loadRegistry(registryAddress(installation));
  const findings: Finding[] = [];
  for (const environment of installation.config.environments) {
    findings.push(...(await verifyBuckets(environment, registry)));
    findings.push(...(await verifyRoles(environment, registry)));
  }
  return findings;
}

async function verifyBuckets(environment: AwsEnvironment, { bindings }: Registry): Promise<Finding[]> {
  const own = bindings.filter((binding) => binding.environment === environment.name);
  const places = own.flatMap(({ backend, artifacts }) => [backend, artifacts]).filter(isInS3);
  const buckets = new Map(places.map((place) => [place.bucket, place]));
  const s3 = await s3At(environment);
  const findings = await Promise.all([...buckets.values()].map((place) => verifyBucket(s3, place)));
  s3.destroy();
  return findings.flat();
}

async function verifyRoles(environment: AwsEnvironment, registry: Registry): Promise<Finding[]> {
  const identity = await serviceIdentity(environment).catch(() => undefined);
  const owners = registry.bindings
    .filter((binding) => binding.environment === environment.name)
    .flatMap((binding) => ownerOf(binding, registry));
  const findings = await Promise.all(owners.map((owner) => verifyOwner(owner, registry, identity)));
  return findings.flat();
}

/** What one repository's deployments to one environment can do, and what they can't. */
async function verifyOwner(
  owner: SessionOwner,
  { bindings }: Registry,
  identity: Identity | undefined,
): Promise<Finding[]> {
  const { binding, repository } = owner;
  const whose = `${binding.environment} of ${repository}`;
  const plan = await prove(`${whose}: the service takes the plan role`, () =>
    assumeRole(owner, "plan", 60, identity),
  );
  let keys: AwsKeys | undefined;
  const apply = await prove(`${whose}: the service takes the apply role`, async () => {
    keys = await assumeRole(owner, "apply", 60, identity);
  });
  if (keys === undefined) return [plan, apply];
  return [
    plan,
    apply,
    ...(await verifyArtifacts(whose, owner, identity)),
    ...(await verifyStates(whose, binding, keys, bindings)),
  ];
}

/** In the session that stores bundles and logs: the apply role, with nothing else left of it. */
async function verifyArtifacts(
  whose: string,
  owner: SessionOwner,
  identity: Identity | undefined,
): Promise<Finding[]> {
  const { artifacts } = owner.binding;
  if (!isInS3(artifacts)) return [];
  const stored = prove(
    `${whose}: the keys for bundles and logs store an object and read it again`,
    async () => proveStoring(await assumeRole(owner, "artifacts", 60, identity), artifacts),
  );
  return [await stored];
}

async function verifyStates(
  whose: string,
  { environment, backend }: SessionOwner["binding"],
  session: AwsKeys,
  bindings: readonly Binding[],
): Promise<Finding[]> {
  if (!isInS3(backend)) return [];
  const others = bindings.filter((other) => other.environment !== environment);
  const places = new Map(
    others.flatMap((other) => (isInS3(other.backend) ? [[other.environment, other.backend]] : [])),
  );
  return [
    await prove(`${whose}: a state that is not there yet is not forbidden`, async () =>
      proveAbsence(await s3With(session), backend),
    ),
    await prove(`${whose}: of several who take one lock at once, one gets it`, async () =>
      proveLock(await s3With(session), backend),
    ),
    ...(await Promise.all(
      [...places].map(([other, place]) =>
        prove(`${whose}: its keys are refused on ${other}'s states`, async () =>
          proveRefused(await s3With({ ...session, region: place.region }), place),
        ),
      ),
    )),
  ];
}

function ownerOf(binding: Binding, { repositories }: Registry): SessionOwner[] {
  const repository = repositories.find(({ id }) => id === binding.repositoryId)?.fullName;
  if (binding.aws === undefined || repository === undefined) return [];
  return [{ binding, access: binding.aws, repository, deployment: "verify" }];
}

async function s3With(keys: AwsKeys) {
  const { S3Client } = await import("@aws-sdk/client-s3");
  return new S3Client({ region: keys.region, credentials: keys, requestHandler: patience });
}

const isInS3 = (place: Binding["backend"]): place is S3Place => place.type === "s3";
