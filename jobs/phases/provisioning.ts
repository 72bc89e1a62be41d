import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { lockFile, readLock } from "../../adapters/terraform/init-digest.ts";
import { digestOutputs, type HeldOutputs, type OutputDigests } from "../../adapters/terraform/outputs.ts";
import type { StackWorkspace } from "../../adapters/terraform/workspace.ts";
import { toFailure } from "../../promotion/failure.ts";
import type { StackGraph } from "../../promotion/stack-graph.ts";
import { digest } from "./input-digest.ts";
import {
  beginNote,
  finishNote,
  forgetNote,
  type ProvisionNote,
  readLast,
  readNote,
} from "./provision-note.ts";
import type { RunContext } from "./stack-run.ts";
import { stateVersionsOf } from "./state-version.ts";
import type { BoundApp } from "./synth.ts";

/** What a deployment knows of its provisioning stacks: those of kind `provision` in the policy. */
export interface Provisioning {
  /** Nothing has changed for these since their last success: Terraform need not be started for them. */
  readonly skipped: ReadonlyMap<string, ProvisionNote>;
  /** The note of a stack, if nothing has changed for it, seen once all that it depends on are over. */
  findUnchanged(stack: string): Promise<ProvisionNote | undefined>;
  /** What the outputs of a stack held after its last success; undefined: not known. */
  lastOutputs(stack: string): Promise<OutputDigests | undefined>;
  /** To be called before a stack is planned, of whatever kind. */
  begin(stack: string): Promise<void>;
  /** To be called when a stack was applied, or planned without a change. */
  finish(workspace: StackWorkspace): Promise<void>;
}

/** `files`: the digests of the provisioning stacks' files. */
export interface ProvisioningScene {
  readonly app: BoundApp;
  readonly graph: StackGraph;
  readonly files: ReadonlyMap<string, string>;
  readonly workspaces: ReadonlyMap<string, StackWorkspace>;
  readonly context: RunContext;
}

/** Finds out what need not be run, and puts the lock files there that its last run had used. */
export async function prepareProvisioning(scene: ProvisioningScene): Promise<Provisioning> {
  const { graph, files, workspaces, context } = scene;
  const { input, io } = context;
  const place = (stack: string) =>
    join(input.store.directory, "provisioned", String(input.repository.id), stack);
  const skipped = new Map<string, ProvisionNote>();
  const outputs = new Map<string, Promise<HeldOutputs>>();
  const versionOf = stateVersionsOf(context);
  const before = new Map<string, string | undefined>();

  async function outputsOf(stack: string): Promise<OutputDigests> {
    return skipped.get(stack)?.outputs ?? (await (outputs.get(stack) ?? readOutputsOf(stack))).outputs;
  }
  function readOutputsOf(stack: string): Promise<HeldOutputs> {
    const workspace = workspaces.get(stack);
    if (!workspace) throw new Error(`stack ${stack} has no place to run in`);
    const read = digestOutputs(workspace, context.terraform, context.signal);
    outputs.set(stack, read);
    return read;
  }
  async function inputsOf(stack: string): Promise<string> {
    const needed = graph.dependencies.get(stack) ?? [];
    return digest([
      files.get(stack),
      await Promise.all(needed.map(async (name) => [name, await outputsOf(name)])),
    ]);
  }
  async function findUnchanged(stack: string): Promise<ProvisionNote | undefined> {
    if (!files.has(stack) || input.supersedes || input.force) return undefined;
    // The schedule is there to find what has changed although nobody changed the files.
    if (input.scope === "provision") return undefined;
    const note = await readNote(place(stack));
    if (!note || note.state !== (await versionOf(stack))) return undefined;
    // Where nobody can tell what the stacks before it hold, it is planned.
    if (note.inputs !== (await inputsOf(stack).catch(() => undefined))) return undefined;
    return (await takeLock(scene.app, stack, note)) ? note : undefined;
  }

  for (const stack of graph.tiers.flat()) {
    if (!graph.dependencies.get(stack)?.every((needed) => skipped.has(needed))) continue;
    const note = await findUnchanged(stack);
    if (note) skipped.set(stack, note);
  }
  return {
    skipped,
    findUnchanged,
    lastOutputs: async (stack) => (files.has(stack) ? (await readLast(place(stack)))?.outputs : undefined),
    begin: async (stack) => {
      if (!files.has(stack)) return await forgetNote(place(stack));
      await beginNote(place(stack), input.attemptId);
      before.set(stack, await versionOf(stack));
    },
    finish: async (workspace) => {
      const { stack } = workspace;
      if (!files.has(stack)) return;
      try {
        const state = await versionOf(stack);
        const { outputs: held, attemptId } = await readOutputsOf(stack);
        // Another machine's worker may have written it since: then it is not our success that it holds.
        const isOurs = state === before.get(stack) || attemptId === input.attemptId;
        if (state === undefined || !isOurs || state !== (await versionOf(stack))) return;
        const lock = await readLock(workspace.directory);
        const note = { inputs: await inputsOf(stack), outputs: held, lock, state };
        await finishNote(place(stack), input.attemptId, note);
      } catch (error) {
        const reason = context.redact(toFailure(error).message);
        io.log.warn({ stack, reason }, "a provisioning stack will be planned again next time");
      }
    },
  };
}

/** The lock file is a part of the bundle. False: the stack comes with another one, so something has changed. */
async function takeLock(
  { directory, manifest }: BoundApp,
  stack: string,
  { lock }: ProvisionNote,
): Promise<boolean> {
  const place = manifest.stacks.find(({ name }) => name === stack);
  if (!place) return false;
  const file = join(directory, place.directory, lockFile);
  const present = await readLock(join(directory, place.directory));
  if (present !== null) return present === lock;
  if (lock !== null) await writeFile(file, lock, { mode: 0o600 });
  return true;
}
