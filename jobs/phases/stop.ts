import { countChanges, destructions } from "../../promotion/plan-summary.ts";
import { code, oneLine } from "../../promotion/report/markdown.ts";
import { mostWaits, type Stop } from "../../promotion/stop.ts";
import type { DeploymentInput, StackReport } from "./deployment.ts";
import type { StackEnd } from "./stack-end.ts";

/** Why a deployment of which nothing failed ends before everything is applied. */
export function stopOf(ends: readonly StackEnd[], { mode }: Pick<DeploymentInput, "mode">): Stop {
  const doubts = ends.flatMap(({ report: { stack }, question }) =>
    question?.about === "doubts" ? question.addresses.map((address) => placeOf(stack, address)) : [],
  );
  if (doubts.length > 0) return endUnknown(doubts);
  const digests = ends.flatMap(({ question }) => (question?.about === "approval" ? question.digest : []));
  if (digests.length > 0) return approvalNeeded(ends, digests);
  return mode === "validate" ? validated(ends) : planned(ends.map(({ report }) => report));
}

function endUnknown(doubts: readonly string[]): Stop {
  return {
    code: "end-unknown",
    message: `Terraform was killed while it created something, and nobody knows how far it came: ${listed(doubts)}.`,
    next: "Look whether it exists, and what its script did; import it into the state, or remove it. Then press Resume, or move the tag once more if that was what asked.",
  };
}

/** What is beyond the most asks the next time. */
function approvalNeeded(ends: readonly StackEnd[], digests: readonly string[]): Stop {
  const destroyed = ends.flatMap(({ report: { stack, plan }, question }) =>
    question && plan ? destructions(plan).map((change) => ({ stack, ...change })) : [],
  );
  const named = destroyed.map(({ action, stack, address }) => `${action} ${placeOf(stack, address)}`);
  return {
    code: "approval-needed",
    message: `Before anything is deleted or replaced, somebody has to approve it: ${listed(named)}.`,
    next: "Look at the plan, then approve it, or merge a change that keeps what is there.",
    waits: digests.slice(0, mostWaits),
  };
}

/** So many resources are named, and so much of each address: the journal keeps no long message. */
const mostNamed = 10;
const longestPlace = 120;

const placeOf = (stack: string, address: string): string =>
  code(oneLine(`${stack}: ${address}`, longestPlace));

function listed(named: readonly string[]): string {
  const more = named.length - mostNamed;
  return [...named.slice(0, mostNamed), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

function validated(ends: readonly StackEnd[]): Stop {
  return {
    code: "validated",
    message: `${ends.length === 1 ? "The stack is" : `All ${ends.length} stacks are`} valid.`,
    next: "Nothing, if that was all. To deploy it, ask for another mode.",
  };
}

function planned(reports: readonly StackReport[]): Stop {
  const counts = reports.map(({ plan }) => countChanges(plan ?? { resources: [], outputs: [] }));
  const sum = (key: "adds" | "changes" | "replaces" | "deletes") =>
    counts.reduce((total, count) => total + count[key], 0);
  const pending = reports.filter(({ result }) => result === "pending").length;
  const more =
    pending === 0 ? "" : ` ${pending} can be planned only once the changes before them are applied.`;
  const totals = `${sum("adds")} to add, ${sum("changes")} to change, ${sum("replaces")} to replace, ${sum("deletes")} to delete`;
  return {
    code: "planned",
    message: `The plan of ${reports.length} ${reports.length === 1 ? "stack" : "stacks"}: ${totals}.${more}`,
    next: "Read the plan. To deploy it, ask for another mode.",
  };
}
