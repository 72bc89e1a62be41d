import type { ArtifactStore, Backend } from "./places.ts";
import type { Binding, Registry } from "./schema.ts";

/**
 * The names of what other bindings were given, and this one was not: buckets, keys, roles and directories. What is shared
 * with this binding, as the bucket of an environment's repositories is, is foreign only where the other's part is named.
 */
export function foreignPlaces({ bindings }: Pick<Registry, "bindings">, own: Binding): readonly string[] {
  const mine = new Set(namesIn(own));
  const others = bindings.filter((binding) => !isSame(binding, own));
  return [...new Set(others.flatMap(namesIn))].filter((name) => !mine.has(name));
}

const isSame = (one: Binding, other: Binding): boolean =>
  one.repositoryId === other.repositoryId && one.environment === other.environment;

function namesIn({ backend, artifacts, aws }: Binding): string[] {
  const roles = aws ? [aws.planRole, aws.applyRole] : [];
  return [...namesOfPlace(backend), ...namesOfPlace(artifacts), ...roles.flatMap(namesOfArn)];
}

function namesOfPlace(place: Backend | ArtifactStore): string[] {
  if (place.type === "local") return [place.directory];
  if (place.type === "s3")
    return [place.bucket, `${place.bucket}/${place.prefix}`, ...namesOfArn(place.kmsKeyId)];
  const { bucket, storage_account_name: account, address } = place.config;
  return [bucket, account, folderOf(address)].filter((name) => typeof name === "string");
}

/** An ARN, what follows the account in it, since an expression may fill in the rest, and the id of a key. */
function namesOfArn(arn: string): string[] {
  const [, resource] = /^arn:(?:[^:]*:){4}([\w-]+\/.+)$/.exec(arn) ?? [];
  const [, key] = /\/([\w-]{36})$/.exec(arn) ?? [];
  return [arn, resource, key].filter((name) => name !== undefined);
}

/** Of a state's address on a server, what comes before the states; undefined where that is the whole server. */
const folderOf = (address: unknown): string | undefined =>
  /^(https?:\/\/[^/{]+\/[^{]*[^/{])\//.exec(String(address))?.[1];
