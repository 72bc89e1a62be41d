import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { startDetached } from "../process/detached/start.ts";
import { readEnd } from "../process/read-end.ts";
import { explainRefusal } from "../sandbox/refusal.ts";
import { readConstructs } from "./construct-path.ts";
import { parseEvent, type TerraformEvent } from "./event.ts";
import { explain, type Step } from "./explain.ts";
import { followLines } from "./follow.ts";
import { nothingTold, type Told, take } from "./outcome.ts";
import { type StackWorkspace, type TerraformTools, terraformCommand } from "./workspace.ts";

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
  const confined = await terraformCommand([...commands[step], ...args], workspace, tools, "own");
  const started = await startDetached(tools.sandbox.wrap(confined), await stepDirectory(workspace, step));
  const stop = () => void started.stop();
  options.signal.addEventListener("abort", stop, { once: true });
  const told = nothingTold();
  await followLines(started.directory.stdout, started.exited, (line) => hear(line, told, options));
  options.signal.removeEventListener("abort", stop);
  const exit = await started.exited;
  if (exit.kind === "exited" && exit.code === 0) return told;
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

function hear(line: string, told: Told, { onEvent }: StepOptions): void {
  const event = parseEvent(line);
  if (!event) return;
  take(told, event);
  onEvent?.(event);
}
