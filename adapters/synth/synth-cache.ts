import { join } from "node:path";
import {
  type BundleStore,
  bundlePath,
  loadBundle,
  putBundle,
  readBundleManifest,
} from "../artifacts/bundle-store.ts";
import { markUsed, setAside } from "../cache/entry.ts";
import { emptyTree } from "../process/remove-tree.ts";
import { describeSynth, differingFiles, readSynthNote, writeSynthNote } from "./synth-note.ts";

/** What an app once synthesized for just this key. The bytes may be deleted at any time. */
export interface KeptSynth {
  /** Puts it into an empty directory; false: there is none that is whole, and the directory is empty still. */
  restore(into: string): Promise<boolean>;
  /**
   * Keeps what was synthesized just now, and names the files that differ from what the same key was synthesized to
   * before: none, if all is as it should be.
   */
  keep(from: string): Promise<readonly string[]>;
}

/** Where it is kept. */
export interface SynthPlaces {
  /** The directory of all caches. */
  readonly cache: string;
  /** A directory of the environment's own, for what is remembered of each key. */
  readonly notes: string;
}

/** Nothing but the bytes decides what it is. */
const origin = { tools: {}, variables: {} };

export function keptSynth(key: string, { cache, notes }: SynthPlaces): KeptSynth {
  const store = synthStore(cache);
  const file = join(notes, `${key}.json`);
  return {
    restore: async (into) => {
      const note = await readSynthNote(file);
      if (!note) return false;
      try {
        await loadBundle(store, note.digest, into);
        return await markUsed(file);
      } catch {
        await setAside(cache, bundlePath(store, note.digest));
        await emptyTree(into);
        return false;
      }
    },
    keep: async (from) => {
      const before = await readSynthNote(file);
      const digest = await putBundle(store, from, origin, { durable: false });
      const note = describeSynth(digest, await readBundleManifest(store, digest));
      await writeSynthNote(file, note);
      return before ? differingFiles(before, note) : [];
    },
  };
}

/** Where the outputs of all keys lie, each once, under the digest of its bytes. */
export const synthStore = (cache: string): BundleStore => ({
  type: "local",
  directory: join(cache, "synth"),
});
