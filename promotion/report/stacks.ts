import type { ChangeCounts, PlanSummary } from "../plan-summary.ts";
import { cellCode, code, paragraphs, table } from "./markdown.ts";

/** What became of one stack, as far as people are told. Names and counts only: no values. */
export interface StackLine extends ChangeCounts {
  readonly stack: string;
  /**
   * `skipped`: nothing has changed since its last success, so it was not even planned. `postponed`: it failed for a
   * passing reason, and nothing that the others need of it changes. `waiting`: it was planned, and somebody must decide
   * before it is applied. Where nothing is to be applied: `valid`, `planned`, or `pending` on the changes of another one.
   */
  readonly result:
    | "applied"
    | "unchanged"
    | "skipped"
    | "postponed"
    | "waiting"
    | "valid"
    | "planned"
    | "pending"
    | "failed"
    | "not-run";
  /** How often it was planned and applied, where that is more than once or came to nothing. */
  readonly tries?: number;
  /** Why it failed or was not run. */
  readonly reason?: string;
  /** What was planned, if it came to that. */
  readonly plan?: PlanSummary;
}

/** So many resources are named; more would bury what matters. */
const namedResources = 100;

/** A table of the stacks, and their changed resources. */
export function stackDetails(stacks: readonly StackLine[]): string {
  if (stacks.length === 0) return "";
  const rows = stacks.map((line) => [
    code(line.stack),
    resultText(line),
    String(line.adds),
    String(line.changes),
    String(line.replaces),
    String(line.deletes),
    line.reason === undefined ? "" : cellCode(line.reason),
  ]);
  const head = ["stack", "result", "add", "change", "replace", "delete", "reason"];
  return paragraphs(table(head, rows), postponedText(stacks), changedResources(stacks));
}

const plainResults: Partial<Record<StackLine["result"], string>> = {
  postponed: "postponed (neutral)",
  waiting: "waits for a decision",
  pending: "pending upstream",
};

function resultText({ result, tries = 1 }: StackLine): string {
  const shown = plainResults[result] ?? result;
  return tries > 1 ? `${shown}, try ${tries}` : shown;
}

/** In plain words, because the deployment succeeded although something in it did not. */
function postponedText(stacks: readonly StackLine[]): string {
  const names = stacks.filter(({ result }) => result === "postponed").map(({ stack }) => code(stack));
  if (names.length === 0) return "";
  return `**Postponed:** ${names.join(", ")} failed for a passing reason, and nothing that the other stacks need of it changes. The deployment went on without it.`;
}

function changedResources(stacks: readonly StackLine[]): string {
  const lines = stacks.flatMap(({ stack, plan }) =>
    (plan?.resources ?? []).map(({ action, address }) => `- ${action} ${code(`${stack}: ${address}`)}`),
  );
  const more = lines.length - namedResources;
  const shown = lines.slice(0, namedResources);
  return [...shown, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
}

/** How far the repository's code was kept from the machine: who reads a check run can't see it otherwise. */
export function confinementText(sandbox: "bubblewrap" | "none"): string {
  return sandbox === "none"
    ? "**Ran without a sandbox**: the repository's code could read what the worker can."
    : "Ran in a sandbox: the repository's code saw its own files and this environment's state only.";
}

/** Where a running deployment is: its phase, and each stack's share of it. */
export function progressText(phase: string, stacks: ReadonlyMap<string, string>, elapsed: number): string {
  const lines = [...stacks].map(([stack, state]) => `- ${code(stack)}: ${state}`).join("\n");
  return paragraphs(`Phase: **${phase}**, ${Math.round(elapsed / 1000)} s so far.`, lines);
}
