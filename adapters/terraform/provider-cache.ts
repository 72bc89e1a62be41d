import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { removeTree } from "../process/remove-tree.ts";
import { stackFile } from "../synth/manifest.ts";
import { writeCliConfig } from "./cli-config.ts";
import { readLock } from "./init-digest.ts";
import { lockedProviders, type PinnedProvider } from "./pinned-providers.ts";
import { isWhole, providerEntry, sealEntry } from "./provider-entry.ts";
import type { SharedProvider } from "./provider-mirror.ts";
import { runStep } from "./step.ts";
import type { StackWorkspace, TerraformTools } from "./workspace.ts";

/**
 * Lets the next init of a stack link to providers that all runs share, fetching those that are not here yet. Only ones
 * that it pins: for others the registry has to be asked which versions there are. What can't be fetched is left to init,
 * which says what is wrong. Gives the entries of the cache that are linked to.
 */
export async function shareProviders(
  workspace: StackWorkspace,
  tools: TerraformTools,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const shared: CachedProvider[] = [];
  for (const pinned of workspace.providers ?? [])
    shared.push(...(await share(pinned, tools, signal).catch(() => [])));
  await writeCliConfig(workspace.cliConfig, tools.providerMirror, shared);
  return shared.map(({ entry }) => entry);
}

interface CachedProvider extends SharedProvider {
  readonly entry: string;
}

/** None: there is no cache, or the lock file knows other bytes than these. */
async function share(
  pinned: PinnedProvider,
  tools: TerraformTools,
  signal: AbortSignal,
): Promise<CachedProvider[]> {
  const entry = providerEntry(pinned, tools);
  if (entry === undefined) return [];
  if (!(await isWhole(entry))) await fetchOnce(pinned, entry, tools, signal);
  const [fetched] = lockedProviders(await readFile(join(entry, "lock"), "utf8"));
  const isWanted =
    pinned.hashes === undefined || fetched?.hashes?.some((hash) => pinned.hashes?.includes(hash));
  return isWanted ? [{ address: pinned.address, path: join(entry, "providers"), entry }] : [];
}

/** What is being fetched just now: stacks side by side want the same. */
const fetching = new Map<string, Promise<void>>();

async function fetchOnce(
  pinned: PinnedProvider,
  entry: string,
  tools: TerraformTools,
  signal: AbortSignal,
): Promise<void> {
  const begun = fetching.get(entry) ?? fetchProvider(pinned, entry, tools, signal);
  fetching.set(entry, begun);
  await begun.finally(() => fetching.delete(entry));
}

/**
 * By an init of its own, whose configuration holds nothing of the app's: so the bytes are what the registry signed, and no
 * repository's code can have touched them. Another worker may be at it, too: whoever is first wins.
 */
async function fetchProvider(
  { address, version }: PinnedProvider,
  entry: string,
  tools: TerraformTools,
  signal: AbortSignal,
): Promise<void> {
  const staging = join(dirname(entry), `.${randomUUID()}`);
  const directory = join(staging, "stack");
  const run = join(staging, "run");
  const made = join(staging, "entry");
  try {
    for (const path of [directory, join(run, "data"), made])
      await mkdir(path, { recursive: true, mode: 0o700 });
    const wanted = { terraform: { required_providers: { wanted: { source: address, version } } } };
    await writeFile(join(directory, stackFile), JSON.stringify(wanted));
    const cliConfig = join(staging, "terraform.rc");
    await writeCliConfig(cliConfig, tools.providerMirror, []);
    const unsaved = join(staging, "unsaved");
    const place = {
      stack: address,
      directory,
      run,
      cliConfig,
      unsaved,
      mounts: [],
      isLocal: true,
      locksPlans: false,
    };
    await runStep("init", [], place, { ...tools, credentials: undefined }, { signal });
    await rename(join(run, "data", "providers"), join(made, "providers"));
    await writeFile(join(made, "lock"), (await readLock(directory)) ?? "");
    await sealEntry(made);
    await moveIn(made, entry, join(staging, "remains"));
  } finally {
    await removeTree(staging);
  }
}

/** `remains`: where to put what a deletion has left of an earlier one. */
async function moveIn(made: string, entry: string, remains: string): Promise<void> {
  if (await isWhole(entry)) return;
  await rename(entry, remains).catch(() => undefined);
  await rename(made, entry).catch(async (error: unknown) => {
    if (!(await isWhole(entry))) throw error;
  });
}
