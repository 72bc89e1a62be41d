import { type Attempt, isAnswer } from "../attempt.ts";
import type { Failure } from "../failure.ts";
import { shortId } from "../object-id.ts";
import type { DeploymentRecord, StoredRecord } from "../record.ts";
import { stopOf } from "../stop.ts";
import { code, mention, oneLine, paragraphs } from "./markdown.ts";
import { occasions, provisionedTitle, triedAgainText } from "./provisioning.ts";
import { again, type Report } from "./report.ts";
import { stoppedReport } from "./stopped.ts";

/** Of the reason in a title; the whole reason is in the summary. */
const longestTitle = 120;

/** An attempt that goes on. `progress` is Markdown that says how far it is. */
export function runningReport(
  attempt: Pick<Attempt, "environment" | "kind" | "commit" | "scope" | "approvedBy">,
  progress: string,
): Report {
  const { environment, kind, commit, scope, approvedBy } = attempt;
  return {
    ending: undefined,
    title: scope
      ? `Provisioning ${environment} ${occasions[scope]}`
      : `Deploying ${shortId(commit)} to ${environment}`,
    summary: paragraphs(
      `A ${kind} of ${code(environment)} to ${code(shortId(commit))} is under way${byText("approved by", approvedBy)}.`,
      progress,
    ),
  };
}

/** A deployment that was recorded. `details` is Markdown about what was applied. */
export function deployedReport(record: DeploymentRecord, details?: string): Report {
  const { environment, number, kind, commit, scope, postponed } = record;
  const tag = `deploy/${environment}/${number}`;
  const asked = byText("asked for by", record.requestedBy) + byText("approved by", record.approvedBy);
  return {
    ending: scope && postponed ? "neutral" : "success",
    title: scope
      ? provisionedTitle(record, scope, tag)
      : `${kind === "rollback" ? "Rolled back" : "Deployed"} ${environment} to ${shortId(commit)} as ${tag}`,
    summary: paragraphs(
      `${code(environment)} runs ${code(shortId(commit))}: ${kind} ${code(tag)}${asked}.`,
      kind === "rollback"
        ? "It stays so until the next merge, or until somebody re-runs the branch head's check."
        : undefined,
      scope && "Only stacks of kind `provision` were run; the others were left as they are.",
      triedAgainText(record),
      details,
    ),
  };
}

const byText = (what: string, who: string | undefined): string =>
  who === undefined ? "" : `, ${what} ${mention(who)}`;

/** A deployment that failed: what happened, what is still recorded, what to do. */
export function failedReport(
  environment: string,
  failure: Pick<Failure, "code" | "message" | "next">,
  last: StoredRecord | undefined,
  details?: string,
): Report {
  const current = last
    ? `Still current: ${code(`deploy/${environment}/${last.record.number}`)} (${code(shortId(last.record.commit))}). The tags did not move.`
    : "Nothing was deployed here before, and no tag was written.";
  return {
    ending: "failure",
    title: `Not deployed to ${environment}: ${oneLine(failure.message, longestTitle)}`,
    summary: paragraphs(
      `**What happened:** ${code(failure.message)} (${code(failure.code)})`,
      current,
      `**What to do:** ${failure.next}`,
      details,
    ),
    offers: again,
  };
}

/** The same for an attempt. One that answered a moved tag is asked for again by moving it, not by a button. */
export function failedAttemptReport(
  attempt: Attempt,
  failure: Pick<Failure, "code" | "message" | "next">,
  last: StoredRecord | undefined,
  details?: string,
): Report {
  const { environment, scope } = attempt;
  const report = failedReport(environment, failure, last, details);
  const why = oneLine(failure.message, longestTitle);
  const title = scope ? `Provisioning ${environment} ${occasions[scope]} failed: ${why}` : report.title;
  return { ...report, title, offers: isAnswer(attempt) ? [] : again };
}

/** How an attempt ended that has no record, as far as the journal tells; undefined: it has not ended. */
export function endedReport(attempt: Attempt, last: StoredRecord | undefined): Report | undefined {
  const stop = stopOf(attempt);
  if (stop) return stoppedReport(attempt, stop);
  return attempt.failure && failedAttemptReport(attempt, attempt.failure, last);
}

/** A commit that something newer took the place of. `successor` is what it was, as Markdown. */
export function supersededReport(successor: string): Report {
  return {
    ending: "skipped",
    title: "Superseded",
    summary: paragraphs(`Not deployed: ${successor} took its place.`),
  };
}

/** The branch head, while the environment was rolled back to another commit. */
export function heldByRollbackReport(record: DeploymentRecord): Report {
  const tag = `deploy/${record.environment}/${record.number}`;
  return {
    ending: "neutral",
    title: `Held by rollback to ${shortId(record.commit)}; re-run to deploy`,
    summary: paragraphs(
      `${code(record.environment)} was rolled back to ${code(shortId(record.commit))} (${code(tag)}), so this commit is not deployed there.`,
      "**What to do:** Re-run this check to deploy this commit, or merge a correction.",
    ),
    offers: again,
  };
}
