import type { Repository, SignedTag } from "../../adapters/git/repository.ts";
import { type Owner, recordIn } from "./authentic.ts";
import { readNumberedRefs } from "./environment-refs.ts";

/**
 * The digests of the bundles that the newest records name, so many of them. As many more of records under unknown keys:
 * a key that was forgotten in the configuration today may be trusted again tomorrow.
 */
export async function readNamedBundles(
  repository: Pick<Repository, "fetchRefs" | "readTags">,
  owner: Owner,
  count: number,
): Promise<ReadonlySet<string>> {
  const numbered = await readNumberedRefs(repository, owner.environment);
  const tags = [...(await repository.readTags([...numbered.values()])).values()];
  const named = (signature: SignedTag["signature"]): string[] =>
    tags
      .filter((tag) => tag.signature === signature)
      .flatMap((tag) => recordIn(tag, owner)?.record ?? [])
      .sort((a, b) => b.number - a.number)
      .slice(0, count)
      .flatMap(({ bundle }) => bundle ?? []);
  return new Set([...named("authentic"), ...named("unknown-key")]);
}
