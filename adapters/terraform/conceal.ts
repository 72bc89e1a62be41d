import { access } from "node:fs/promises";
import { WaymarkError } from "../../promotion/failure.ts";
import { createRedactor, type Redactor } from "../redact/redact.ts";
import { sensitiveValues } from "./sensitive-values.ts";
import { show } from "./show.ts";
import { planFile, type StackWorkspace, type TerraformTools } from "./workspace.ts";

/**
 * The error without what the stack's plan and state hold as sensitive. A script prints what it likes of what it was
 * given, and Terraform quotes all of it in the error of a script that fails.
 */
export async function conceal(
  error: WaymarkError,
  workspace: StackWorkspace,
  tools: TerraformTools,
): Promise<WaymarkError> {
  const redact = await redactorOf(workspace, tools);
  return new WaymarkError({ ...error, message: redact(error.message) });
}

async function redactorOf(workspace: StackWorkspace, tools: TerraformTools): Promise<Redactor> {
  const plan = planFile(workspace);
  const hasPlan = await access(plan).then(
    () => true,
    () => false,
  );
  const shown = [show([], workspace, tools), ...(hasPlan ? [show([plan], workspace, tools)] : [])];
  return await Promise.all(shown).then(
    (documents) => createRedactor(documents.flatMap(sensitiveValues)),
    () => withoutOutput,
  );
}

/** Nobody knows what is secret in what a program printed: it is all left out. */
const withoutOutput: Redactor = (text) =>
  text.replace(/\b(output|error message|stderr):[\s\S]*/i, "$1: (left out: plan and state can't be read)");
