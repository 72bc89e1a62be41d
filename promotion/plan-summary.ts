/** What a plan will do to one resource, in Terraform's words. */
export type ChangeAction = "create" | "update" | "delete" | "replace" | "move" | "import" | "forget";

export interface ResourceChange {
  /** The full address; may hold any text that an app uses as a key. */
  readonly address: string;
  readonly action: ChangeAction;
}

export interface OutputChange {
  readonly name: string;
  readonly action: "create" | "update" | "delete";
}

/** Addresses and actions only: a summary is shown to people and kept, so it never holds a value. */
export interface PlanSummary {
  readonly resources: readonly ResourceChange[];
  readonly outputs: readonly OutputChange[];
}

export interface ChangeCounts {
  readonly adds: number;
  readonly changes: number;
  readonly deletes: number;
  readonly replaces: number;
}

export const noChanges: ChangeCounts = { adds: 0, changes: 0, deletes: 0, replaces: 0 };

/** The output that tells which attempt applied a stack last. It changes always, so it says nothing to people. */
export const attemptOutput = "waymark_attempt";

/** A summary in one order, whatever order Terraform told it in. */
export function summarizePlan(
  resources: readonly ResourceChange[],
  outputs: readonly OutputChange[],
): PlanSummary {
  return {
    resources: resources.toSorted((a, b) => compare(a.address, b.address) || compare(a.action, b.action)),
    outputs: outputs.filter(({ name }) => name !== attemptOutput).toSorted((a, b) => compare(a.name, b.name)),
  };
}

/** Whether applying the plan would change anything that somebody asked for. */
export function hasChanges(summary: PlanSummary): boolean {
  return summary.resources.length > 0 || summary.outputs.length > 0;
}

/** What the plan takes away. Who only forgets a resource destroys nothing. */
export function destructions({ resources }: PlanSummary): ResourceChange[] {
  return resources.filter(({ action }) => action === "delete" || action === "replace");
}

export function countChanges({ resources }: PlanSummary): ChangeCounts {
  const count = (action: ChangeAction) => resources.filter((change) => change.action === action).length;
  return {
    adds: count("create"),
    changes: count("update"),
    deletes: count("delete"),
    replaces: count("replace"),
  };
}

/** One text for equal plans, to be digested: `<stack> <action> <address>` a line. */
export function canonicalPlan(plans: ReadonlyMap<string, PlanSummary>): string {
  const lines = [...plans].flatMap(([stack, { resources, outputs }]) => [
    ...resources.map(({ action, address }) => JSON.stringify([stack, action, address])),
    ...outputs.map(({ action, name }) => JSON.stringify([stack, action, `output.${name}`])),
  ]);
  return lines.toSorted(compare).join("\n");
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
