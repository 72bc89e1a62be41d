import { countBundles, pruneBundles } from "../adapters/artifacts/prune-bundles.ts";
import { cacheIn } from "../adapters/cache/entry.ts";
import { createCachePruner } from "../adapters/cache/prune-cache.ts";
import type { Logger } from "../adapters/log/logger.ts";
import { forgetOldNotes, synthNotesIn } from "../adapters/synth/synth-note.ts";
import { readNamedBundles } from "./observe/named-bundles.ts";
import type { Session } from "./session.ts";

/** How much is kept. */
export interface Limits {
  /** Bytes of everything below the cache directory. */
  readonly cacheBytes: number;
  /** Of each environment of each repository: so many deployments back a rollback applies the very bytes. */
  readonly bundles: number;
}

/** So many bundles too many are waited for: to find out which are needed takes reading the history. */
const patience = 10;
/** Keys of synth of which an environment remembers what they gave. */
const rememberedKeys = 200;

export type Tidy = (session: Pick<Session, "store" | "environment" | "git" | "target">) => Promise<void>;

/**
 * Makes room on this machine: for the environment's next bundles, in the caches and in the repository's mirror. What could not be removed is logged,
 * and removed another time.
 */
export function createTidy(home: string, limits: Limits, log: Logger): Tidy {
  const pruneCache = createCachePruner(cacheIn(home), limits.cacheBytes);
  let pruning: Promise<number> | undefined;
  /** Once is enough for all deployments that end meanwhile. */
  const pruneOnce = async (): Promise<number> => {
    pruning ??= pruneCache().finally(() => {
      pruning = undefined;
    });
    return await pruning;
  };
  return async (session) => {
    try {
      const bundles = await tidyBundles(session, limits.bundles);
      await forgetOldNotes(synthNotesIn(session.store), rememberedKeys);
      const entries = await pruneOnce();
      await session.git.maintain();
      if (bundles + entries > 0) log.info({ bundles, entries }, "made room");
    } catch (error) {
      log.warn({ err: error }, "could not make room");
    }
  };
}

/** The refs are the record: they say which bundles are needed. */
async function tidyBundles(
  { store, environment, git, target }: Parameters<Tidy>[0],
  count: number,
): Promise<number> {
  if ((await countBundles(store)) < count + patience) return 0;
  const owner = { repository: target.repositoryId, environment: environment.name };
  return await pruneBundles(store, await readNamedBundles(git, owner, count));
}
