import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { WaymarkError } from "../../promotion/failure.ts";
import { readPlainFile } from "../synth/plain-file.ts";
import { type LockedStepOptions, runLocked } from "./locked-step.ts";
import { isOvertaken, originSchema, readOrigin, type StateOrigin } from "./state-origin.ts";
import type { StackWorkspace, TerraformTools } from "./workspace.ts";

/** Where a state lies that could not be stored, and where it is kept until it is. */
export interface StatePlace {
  /** The stack's working directory: Terraform leaves the state there, as `errored.tfstate`. */
  readonly directory: string;
  /** Of the stack's run. */
  readonly run: string;
  /** Survives the run, unlike the working directory. */
  readonly unsaved: string;
  /** Whether the state is a file of this machine. */
  readonly isLocal: boolean;
}

const limit = 512 * 1024 * 1024;
const stateSchema = z.looseObject({ serial: z.int(), lineage: z.string() });
/** Terraform leaves alone what it does not know. */
const keptSchema = z.object({ waymark: originSchema.optional() });

/**
 * Moves the state that an apply left behind to where it is kept; false: it left none.
 * Errors: `file-refused` (user) for what is no plain file, `state-damaged` (service).
 */
export async function keepLeftState({ directory, run, unsaved, isLocal }: StatePlace): Promise<boolean> {
  const left = join(directory, "errored.tfstate");
  const text = await readPlainFile(left, limit);
  if (text === undefined) return false;
  await mkdir(dirname(unsaved), { recursive: true, mode: 0o700 });
  await writeFile(unsaved, storable(text, isLocal, await readOrigin(run)), { mode: 0o600, flush: true });
  await rm(left);
  return true;
}

/**
 * The state as a push takes it, unless somebody has stored another one meanwhile.
 *
 * Where the local backend can't write, the state that Terraform leaves has the serial of the one that is stored, and no
 * push would take it. One more is safe: whoever stored anything meanwhile has raised the stored serial as well. All other
 * backends raise it before they write, and one more could hide what somebody stored.
 *
 * A first state has no lineage before it is stored, and what has none replaces any other. One of its own replaces none.
 */
function storable(text: string, isLocal: boolean, waymark: StateOrigin | undefined): string {
  try {
    const { serial, lineage, ...state } = stateSchema.parse(JSON.parse(text));
    const raised = isLocal ? serial + 1 : Math.max(serial, 1);
    return JSON.stringify({ ...state, serial: raised, lineage: lineage || randomUUID(), waymark });
  } catch (cause) {
    throw new WaymarkError({
      code: "state-damaged",
      source: "service",
      class: "configuration",
      message: "Terraform could not store the state of a stack, and what it left is no state.",
      next: "Compare the environment with its state by hand before anything is deployed there.",
      cause,
    });
  }
}

/**
 * Stores a kept state, under the same lock as an apply; does nothing when there is none. Until that has succeeded nothing
 * may be planned: Terraform would create everything once more that only the kept state knows.
 * Errors: `state-not-saved` (service), `transient` unless somebody else has stored another state meanwhile.
 */
export async function pushKeptState(
  workspace: StackWorkspace,
  tools: TerraformTools,
  options: LockedStepOptions,
): Promise<void> {
  const kept = await readFile(workspace.unsaved, "utf8").catch(() => undefined);
  if (!kept) return;
  const mounts = [...workspace.mounts, { path: workspace.unsaved, writable: false }];
  try {
    const { waymark: origin } = keptSchema.parse(JSON.parse(kept));
    if (origin && (await isOvertaken(origin, workspace, tools, options.signal))) throw overtaken(workspace);
    await runLocked("push", [workspace.unsaved], { ...workspace, mounts }, tools, options);
  } catch (cause) {
    options.signal.throwIfAborted();
    throw cause instanceof WaymarkError ? notSaved(cause, workspace) : cause;
  }
  await rm(workspace.unsaved);
}

const overtaken = ({ stack }: StackWorkspace): WaymarkError =>
  new WaymarkError({
    code: "state-overtaken",
    source: "service",
    class: "conflict",
    message: `The state of stack ${stack} was written by another attempt since.`,
    next: "Put both states together by hand.",
  });

/** As Terraform tells that somebody else has stored another state. */
const refusedPush = /cannot overwrite existing state|cannot import state|lineage/i;

function notSaved(cause: WaymarkError, { stack }: StackWorkspace): WaymarkError {
  const changed = cause.code === "state-overtaken" || refusedPush.test(cause.message);
  return new WaymarkError({
    code: "state-not-saved",
    source: "service",
    class: changed ? "configuration" : "transient",
    message: `The state of stack ${stack} could not be stored after an apply. It is kept in the artifact store, below unsaved/. ${cause.message}`,
    next: changed
      ? "Somebody else stored another state meanwhile. Put both together by hand (`terraform state push -force`), delete the kept one, then re-run."
      : "Make the backend work again, then re-run: the kept state is stored first, before anything is planned.",
    cause,
  });
}
