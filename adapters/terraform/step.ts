import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { WaymarkError } from "../../promotion/failure.ts";
import { startDetached } from "../process/detached/start.ts";
import { readEnd } from "../process/read-end.ts";
import { explainRefusal } from "../sandbox/refusal.ts";
import { readConstructs } from "./construct-path.ts";
import { parseEvent, type TerraformEvent } from "./event.ts";
import { explain, type Step } from "./explain.ts";
import { followLines } from "./follow.ts";
import { nothingTold, type Told, take } from "./outcome.ts";
import { type Credentials, type StackWorkspace, type TerraformTools, terraformCommand } from "./workspace.ts";

/** Bytes of what a failed program printed for people: programs that it started may have added to it without end. */
const toldOfErrors = 64 * 1024;

export interface StepOptions {
  readonly signal: AbortSignal;
  readonly onEvent?: (event: TerraformEvent) => void;
}

const steps = ["init", "plan", "apply", "push"] as const;

/** The step whose process has a directory of this name: `plan`, or `plan-2` when it was run again. */
export function stepOf(name: string): Step | undefined {
  return steps.find((step) => step === name || (name.startsWith(`${step}-`) && /-[0-9]+$/.test(name)));
}

/** The directory of a step's process, in which a later worker finds it. */
async function stepDirectory({ run }: Pick<StackWorkspace, "run">, step: Step): Promise<string> {
  const earlier = (await readdir(run)).filter((name) => stepOf(name) === step).length;
  return join(run, earlier === 0 ? step : `${step}-${earlier + 1}`);
}

/** What Terraform calls a step. */
const commands: Readonly<Record<Step, readonly string[]>> = {
  init: ["init", "-input=false", "-json"],
  plan: ["plan", "-input=false", "-json"],
  apply: ["apply", "-input=false", "-json"],
  push: ["state", "push"],
};

const purposes = { init: "read", plan: "read", apply: "write", push: "rescue" } as const;

/**
 * Runs one step to its end, detached: the worker's death neither kills it nor loses its output. An aborted signal sends
 * one SIGTERM and still waits. Errors: what Terraform said, classified.
 */
export async function runStep(
  step: Step,
  args: readonly string[],
  workspace: StackWorkspace,
  tools: TerraformTools,
  options: StepOptions,
): Promise<Told> {
  options.signal.throwIfAborted();
  const credentials = await tools.credentials?.(purposes[step]);
  const use = { lifetime: "own", credentials } as const;
  const confined = await terraformCommand([...commands[step], ...args], workspace, tools, use);
  const started = await startDetached(tools.sandbox.wrap(confined), await stepDirectory(workspace, step));
  const stop = () => void started.stop();
  const over = endOf(credentials);
  const signal = AbortSignal.any([options.signal, over]);
  signal.addEventListener("abort", stop, { once: true });
  const told = nothingTold();
  await followLines(started.directory.stdout, started.exited, (line) => hear(line, told, options));
  signal.removeEventListener("abort", stop);
  const exit = await started.exited;
  if (exit.kind === "exited" && exit.code === 0) return told;
  if (over.aborted && !options.signal.aborted) throw cutShort(workspace.stack, step);
  const stderr = await readEnd(started.directory.stderr, toldOfErrors);
  const error = explain({
    stack: workspace.stack,
    step,
    exit,
    errors: told.errors,
    stderr,
    constructOf: await readConstructs(workspace.directory),
  });
  throw explainRefusal(error, tools.sandbox, confined);
}

/** Aborted when what works with them must end. */
const endOf = (credentials: Credentials | undefined): AbortSignal =>
  credentials?.until === undefined
    ? new AbortController().signal
    : AbortSignal.timeout(Math.max(0, credentials.until - Date.now()));

/** It still had keys to store what it had done. */
const cutShort = (stack: string, step: Step): WaymarkError =>
  new WaymarkError({
    code: "session-over",
    source: "user",
    class: "credentials",
    message: `${step} of stack ${stack} was stopped before its session ended: none lives longer than an hour.`,
    next: "Re-run: it goes on from where it was stopped. Split a stack that takes so long.",
  });

function hear(line: string, told: Told, { onEvent }: StepOptions): void {
  const event = parseEvent(line);
  if (!event) return;
  take(told, event);
  onEvent?.(event);
}
