import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BundleOrigin } from "../../adapters/artifacts/bundle-manifest.ts";
import { bundleDigest, loadBundle, putBundle } from "../../adapters/artifacts/bundle-store.ts";
import { listTree } from "../../adapters/artifacts/tree.ts";
import { backendFor } from "../../adapters/synth/backend-block.ts";
import { bindBackends } from "../../adapters/synth/bind.ts";
import { readManifest, type SynthManifest } from "../../adapters/synth/manifest.ts";
import { synthesize } from "../../adapters/synth/synthesize.ts";
import { attemptOutput } from "../../promotion/plan-summary.ts";
import type { DeploymentInput, DeploymentTools } from "./deployment.ts";

/** The stacks of a deployment, bound to its environment, ready for `terraform init`. */
export interface BoundApp {
  /** The working copy. */
  readonly directory: string;
  readonly manifest: SynthManifest;
  /** What made it, to be sealed with it. */
  readonly origin: BundleOrigin;
}

/** Fills `<tryDirectory>/app`, from a stored bundle or by synthesizing the worktree, and binds it. */
export async function makeApp(
  input: DeploymentInput,
  tryDirectory: string,
  tools: DeploymentTools,
  signal: AbortSignal,
): Promise<BoundApp> {
  const directory = join(tryDirectory, "app");
  await mkdir(directory, { mode: 0o700 });
  const stored = await fill(directory, input, tryDirectory, tools, signal);
  const files = await listTree(directory);
  const manifest = await readManifest(directory, files);
  const { binding, repository } = input;
  await bindBackends(directory, files, manifest, (stack) => backendFor(binding, repository.id, stack));
  const origin = stored ?? { tools: versions(manifest, tools), variables: input.policy.variables };
  return { directory, manifest, origin };
}

/** Gives what a stored bundle was made with, undefined for what was synthesized just now. */
async function fill(
  directory: string,
  input: DeploymentInput,
  tryDirectory: string,
  { sandbox, home, variables }: DeploymentTools,
  signal: AbortSignal,
): Promise<BundleOrigin | undefined> {
  if (input.bundle !== undefined) return await loadBundle(input.binding.artifacts, input.bundle, directory);
  if (input.worktree === undefined) throw new Error("a deployment needs a worktree or a bundle");
  const { environment, policy, worktree } = input;
  const scratch = join(tryDirectory, "synth");
  await mkdir(scratch, { mode: 0o700 });
  const printed = await synthesize(
    { checkout: worktree, output: directory, scratch, environment, variables: policy.variables, signal },
    { sandbox, cache: join(home, "cache"), variables },
  );
  await writeFile(join(tryDirectory, "synth.log"), printed, { mode: 0o600 });
  return undefined;
}

function versions(
  { version }: SynthManifest,
  { terraform }: DeploymentTools,
): Readonly<Record<string, string>> {
  return { cdktf: version, [terraform.name]: terraform.version, node: process.versions.node };
}

/**
 * Stores the bound app, provider lock files included, and gives the digest. What came out of the store, whole, and is
 * the same still need not be stored again.
 */
export async function seal({ directory, origin }: BoundApp, input: DeploymentInput): Promise<string> {
  const { bundle, binding } = input;
  if (bundle !== undefined && (await bundleDigest(directory, origin)) === bundle) return bundle;
  return await putBundle(binding.artifacts, directory, origin);
}

/** Adds what belongs to this attempt alone, outside the sealed bytes. */
export async function markAttempt(app: BoundApp, attemptId: string): Promise<void> {
  const output = JSON.stringify({ output: { [attemptOutput]: { value: attemptId } } });
  const stacks = app.manifest.stacks.map(({ directory }) =>
    join(app.directory, directory, "waymark.tf.json"),
  );
  await Promise.all(stacks.map((file) => writeFile(file, output)));
}
