import { WaymarkError } from "../../promotion/failure.ts";
import type {
  ChangeAction,
  OutputChange,
  PlanSummary,
  ResourceChange,
} from "../../promotion/plan-summary.ts";
import { countChanges, summarizePlan } from "../../promotion/plan-summary.ts";
import type { ChangeTotals, Diagnostic, OutputEvent, PlannedChange, TerraformEvent } from "./event.ts";

/** An output after an apply. A value is given only if it is plain and not sensitive. */
export interface StackOutput {
  readonly name: string;
  readonly value?: string | number | boolean;
}

/** What a stream of events said, taken together. */
export interface Told {
  readonly changes: PlannedChange[];
  readonly outputs: Map<string, OutputEvent>;
  readonly errors: Diagnostic[];
  /** As Terraform itself counts, at the end of an operation. */
  totals?: ChangeTotals;
}

export const nothingTold = (): Told => ({ changes: [], outputs: new Map(), errors: [] });

const mostErrors = 20;
const mostChanges = 50_000;

/** Takes one more event in. */
export function take(told: Told, event: TerraformEvent): void {
  if (event.type === "planned_change" && told.changes.length <= mostChanges) told.changes.push(event.change);
  if (event.type === "change_summary") told.totals = event.changes;
  if (event.type === "outputs") {
    for (const [name, output] of Object.entries(event.outputs)) told.outputs.set(name, output);
  }
  if (
    event.type === "diagnostic" &&
    event.diagnostic.severity === "error" &&
    told.errors.length < mostErrors
  ) {
    told.errors.push(event.diagnostic);
  }
}

/** Errors: `plan-too-large` (user), where only a part of the plan was kept. */
export function planOf({ changes, outputs }: Told): PlanSummary {
  if (changes.length > mostChanges) throw tooLarge();
  return summarizePlan(changes.flatMap(resourceChange), [...outputs].flatMap(outputChange));
}

function tooLarge(): WaymarkError {
  return new WaymarkError({
    code: "plan-too-large",
    source: "user",
    class: "code",
    message: `The plan changes more than ${mostChanges} resources.`,
    next: "Split the stack, or bring it there in smaller steps.",
  });
}

const actions: Readonly<Record<string, ChangeAction>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  move: "move",
  import: "import",
  remove: "forget",
  forget: "forget",
};

/** Reading a data source is no change; a move or an import can come without one. */
function resourceChange(change: PlannedChange): ResourceChange[] {
  const besides = change.importing !== undefined ? "import" : change.previous_resource ? "move" : undefined;
  const action = actions[change.action] ?? besides;
  return action === undefined ? [] : [{ address: change.resource.addr, action }];
}

function outputChange([name, { action }]: readonly [string, OutputEvent]): OutputChange[] {
  return action === "create" || action === "update" || action === "delete" ? [{ name, action }] : [];
}

/** Terraform ended well, but that alone does not say that it did what was planned. Error (service): `apply-incomplete`. */
export function assertComplete(stack: string, { totals }: Told, summary: PlanSummary): void {
  if (totals?.operation !== "apply") return;
  const { adds, changes, deletes, replaces } = countChanges(summary);
  const planned = [adds + replaces, changes, deletes + replaces];
  const applied = [totals.add, totals.change, totals.remove];
  if (planned.every((count, index) => count === applied[index])) return;
  const spell = ([add, change, remove]: readonly number[]) =>
    `${add} added, ${change} changed, ${remove} removed`;
  throw new WaymarkError({
    code: "apply-incomplete",
    source: "service",
    class: "unknown",
    message: `The apply of stack ${stack} is not what was planned: ${spell(applied)} instead of ${spell(planned)}.`,
    next: "Compare the environment with the app, then re-run.",
  });
}

const longestValue = 1000;

export function outputsOf({ outputs }: Told): StackOutput[] {
  return [...outputs].map(([name, output]) => stackOutput(name, output));
}

export function stackOutput(
  name: string,
  { sensitive, value }: Pick<OutputEvent, "sensitive" | "value">,
): StackOutput {
  if (sensitive) return { name };
  if (typeof value === "number" || typeof value === "boolean") return { name, value };
  return typeof value === "string" && value.length <= longestValue ? { name, value } : { name };
}
