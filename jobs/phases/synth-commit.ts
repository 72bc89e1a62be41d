import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { listTree } from "../../adapters/artifacts/tree.ts";
import { cacheIn } from "../../adapters/cache/entry.ts";
import { type KeptSynth, keptSynth } from "../../adapters/synth/synth-cache.ts";
import { synthKey } from "../../adapters/synth/synth-key.ts";
import { synthNotesIn } from "../../adapters/synth/synth-note.ts";
import { synthesize } from "../../adapters/synth/synthesize.ts";
import type { DeploymentInput, DeploymentIo, DeploymentTools } from "./deployment.ts";
import { type PhaseIo, timed } from "./timed.ts";
import { toolVersions } from "./tool-versions.ts";

export interface SynthPlace {
  /** Of the run through the phases. */
  readonly tryDirectory: string;
  readonly signal: AbortSignal;
}

/**
 * Fills an empty directory with what the commit's app synthesizes. Where the same was synthesized before it is used
 * again: then there is no install, no synth and no checkout either, unless the deployment is forced.
 */
export async function synthesizeCommit(
  directory: string,
  input: DeploymentInput,
  place: SynthPlace,
  io: PhaseIo,
  tools: DeploymentTools,
): Promise<void> {
  const kept = keptFor(input, tools);
  const isKept =
    kept !== undefined && !input.force && (await timed("synth", io, () => kept.restore(directory)));
  if (isKept) return io.remark({ kind: "synth-reused" });
  await timed("checkout", io, io.checkout);
  await timed("synth", io, () => runSynth(directory, input, place, tools));
  if (kept && !(await namesItsPlace(directory, input, tools))) await keep(kept, directory, io);
}

function keptFor(
  { tree, repository, ...input }: DeploymentInput,
  tools: DeploymentTools,
): KeptSynth | undefined {
  if (tree === undefined) return undefined;
  const { environment, policy, store } = input;
  const source = { repository: repository.id, tree, environment, variables: policy.variables };
  const key = synthKey(source, { ...tools, versions: toolVersions(tools) });
  return keptSynth(key, { cache: cacheIn(tools.home), notes: synthNotesIn(store) });
}

async function runSynth(
  output: string,
  { worktree, environment, policy, force }: DeploymentInput,
  { tryDirectory, signal }: SynthPlace,
  { sandbox, home, terraform, variables }: DeploymentTools,
): Promise<void> {
  if (worktree === undefined) throw new Error("a deployment needs a worktree or a bundle");
  const scratch = join(tryDirectory, "synth");
  await mkdir(scratch, { mode: 0o700 });
  const input = { checkout: worktree, output, scratch, environment, variables: policy.variables, signal };
  const terraformVersion = terraform.name === "terraform" ? terraform.version : undefined;
  const own = { sandbox, cache: cacheIn(home), variables, terraformVersion };
  const printed = await synthesize({ ...input, fresh: force }, own);
  await writeFile(join(tryDirectory, "synth.log"), printed, { mode: 0o600 });
}

/** Without a sandbox an app knows where it runs, and what it says of that holds for this run only. */
async function namesItsPlace(
  directory: string,
  { runDirectory, worktree = runDirectory }: DeploymentInput,
  { sandbox }: DeploymentTools,
): Promise<boolean> {
  if (sandbox.kind !== "none") return false;
  for (const { path } of await listTree(directory)) {
    const content = await readFile(join(directory, path));
    if (content.includes(runDirectory) || content.includes(worktree)) return true;
  }
  return false;
}

/** What can't be kept is synthesized again next time. */
async function keep(kept: KeptSynth, directory: string, io: DeploymentIo): Promise<void> {
  try {
    const files = await kept.keep(directory);
    if (files.length > 0) io.remark({ kind: "nondeterministic-synth", files });
  } catch (error) {
    io.log.warn({ err: error }, "what was synthesized could not be kept");
  }
}
