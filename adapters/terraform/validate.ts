import { z } from "zod";
import { run } from "../process/run.ts";
import { readConstructs } from "./construct-path.ts";
import { diagnosticSchema } from "./event.ts";
import { explain } from "./explain.ts";
import { type StackWorkspace, type TerraformTools, terraformCommand } from "./workspace.ts";

const answerSchema = z.object({ valid: z.boolean(), diagnostics: z.array(diagnosticSchema) });

/**
 * Checks a stack's files by themselves, once init has made its directory ready: no state is read, and nothing but the
 * providers' schemas is asked for. Errors: what Terraform said, of class `code` (user).
 */
export async function validate(
  workspace: StackWorkspace,
  tools: TerraformTools,
  signal: AbortSignal,
): Promise<void> {
  const confined = await terraformCommand(["validate", "-json"], workspace, tools, { lifetime: "worker" });
  const options = { timeout, signal, outputLimit, failure, answer: foundInvalid };
  const { valid, diagnostics } = answerSchema.parse(
    JSON.parse(await run(tools.sandbox.wrap(confined), options)),
  );
  if (valid) return;
  throw explain({
    stack: workspace.stack,
    step: "validate",
    exit: { kind: "exited", code: foundInvalid },
    errors: diagnostics.filter(({ severity }) => severity === "error"),
    stderr: "",
    constructOf: await readConstructs(workspace.directory),
  });
}

/** Milliseconds. */
const timeout = 10 * 60_000;
/** Bytes. */
const outputLimit = 64 * 1024 * 1024;
/** The exit code that comes with a complete answer. */
const foundInvalid = 1;

const failure = {
  code: "validate-failed",
  source: "service",
  class: "unknown",
  message: "A stack could not be validated",
  next: "Read the message, correct the cause, then re-run.",
} as const;
