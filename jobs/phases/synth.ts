import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BundleOrigin } from "../../adapters/artifacts/bundle-manifest.ts";
import { bundleDigest, loadBundle, putBundle } from "../../adapters/artifacts/bundle-store.ts";
import { listTree } from "../../adapters/artifacts/tree.ts";
import { removeTree } from "../../adapters/process/remove-tree.ts";
import { backendFor } from "../../adapters/synth/backend-block.ts";
import { bindBackends } from "../../adapters/synth/bind.ts";
import { readManifest, type SynthManifest } from "../../adapters/synth/manifest.ts";
import { boundsOf } from "../../adapters/synth/refusals/bounds.ts";
import { toFailure } from "../../promotion/failure.ts";
import { attemptOutput } from "../../promotion/plan-summary.ts";
import { fetchBundle, isBundleGone } from "./bundle-copy.ts";
import type { DeploymentInput, DeploymentTools } from "./deployment.ts";
import type { RunContext } from "./stack-run.ts";
import { synthesizeCommit } from "./synth-commit.ts";
import { timed } from "./timed.ts";
import { toolVersions, versionsThatDiffer } from "./tool-versions.ts";

/** The stacks of a deployment, bound to its environment, ready for `terraform init`. */
export interface BoundApp {
  /** The working copy. */
  readonly directory: string;
  readonly manifest: SynthManifest;
  /** What made it, to be sealed with it. */
  readonly origin: BundleOrigin;
}

/** Fills `<tryDirectory>/app`, from a stored bundle or with what the commit's app synthesizes, and binds it. */
export async function makeApp(
  tryDirectory: string,
  context: RunContext,
  tools: DeploymentTools,
): Promise<BoundApp> {
  const { input, io, signal } = context;
  const directory = join(tryDirectory, "app");
  await mkdir(directory, { mode: 0o700 });
  const sealed = await openBundle(directory, context);
  if (!sealed) await synthesizeCommit(directory, input, { tryDirectory, signal }, io, tools);
  const files = await listTree(directory);
  const manifest = await readManifest(directory, files);
  const { binding, foreignPlaces, repository, policy } = input;
  await bindBackends(directory, files, manifest, {
    backendOf: (stack) => backendFor(binding, repository.id, stack),
    bounds: boundsOf(binding, foreignPlaces),
  });
  const versions = { cdktf: manifest.version, ...toolVersions(tools) };
  const others = sealed ? versionsThatDiffer(sealed.tools, versions) : [];
  if (others.length > 0) io.remark({ kind: "other-tools", tools: others });
  return { directory, manifest, origin: sealed ?? { tools: versions, variables: policy.variables } };
}

/** Gives what the bundle was made with; undefined where there is none to apply again. */
async function openBundle(directory: string, context: RunContext): Promise<BundleOrigin | undefined> {
  const { bundle, store } = context.input;
  if (bundle === undefined) return undefined;
  return await timed("synth", context.io, async () => {
    try {
      return await loadBundle(store, bundle, directory);
    } catch (error) {
      // Another machine may have made it, or this one's disk has damaged it.
      if (!isBundleGone(toFailure(error)) || !(await fetchBundle(bundle, context))) throw error;
      await emptyDirectory(directory);
      return await loadBundle(store, bundle, directory);
    }
  });
}

async function emptyDirectory(directory: string): Promise<void> {
  await removeTree(directory);
  await mkdir(directory, { mode: 0o700 });
}

/**
 * Stores the bound app, provider lock files included, and gives the digest. What came out of the store, whole, and is
 * the same still need not be stored again.
 */
export async function seal({ directory, origin }: BoundApp, input: DeploymentInput): Promise<string> {
  const { bundle, store } = input;
  if (bundle !== undefined && (await bundleDigest(directory, origin)) === bundle) return bundle;
  return await putBundle(store, directory, origin);
}

/** Adds what belongs to this attempt alone, outside the sealed bytes. */
export async function markAttempt(app: BoundApp, attemptId: string): Promise<void> {
  const output = JSON.stringify({ output: { [attemptOutput]: { value: attemptId } } });
  const stacks = app.manifest.stacks.map(({ directory }) =>
    join(app.directory, directory, "waymark.tf.json"),
  );
  await Promise.all(stacks.map((file) => writeFile(file, output)));
}
