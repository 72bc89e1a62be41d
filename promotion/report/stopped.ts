import { type Attempt, isAnswer } from "../attempt.ts";
import { branchCheckName, requestCheckName } from "../check-name.ts";
import { shortId } from "../object-id.ts";
import { type Stop, stopOf } from "../stop.ts";
import { code as codeSpan, paragraphs } from "./markdown.ts";
import { again, type Offer, type Report } from "./report.ts";

const titles: Readonly<Record<Stop["code"], string>> = {
  validated: "Validated; nothing was deployed",
  planned: "Planned; nothing was deployed",
  "approval-needed": "Waiting for an approval",
  "end-unknown": "Waiting for a decision",
};

/** The one button that lets it go on, beside those that begin anew. */
const goesOnBy: Partial<Record<Stop["code"], "approve" | "resume">> = {
  "approval-needed": "approve",
  "end-unknown": "resume",
};

/** An attempt that stopped before it deployed everything. `details` is Markdown about what was planned and applied. */
export function stoppedReport(attempt: Attempt, { code, message, next }: Stop, details?: string): Report {
  const goOn = goesOnBy[code];
  const anew: readonly Offer[] = isAnswer(attempt) ? [] : goOn ? ["retry"] : again;
  return {
    ending: goOn ? "action_required" : "neutral",
    title: `${attempt.environment}: ${titles[code]}`,
    summary: paragraphs(message, `**What to do:** ${next}`, details),
    offers: goOn ? [goOn, ...anew] : anew,
  };
}

/** The button that lets an attempt go on; undefined: it waits for nobody. */
export function goOnOffer(attempt: Attempt): "approve" | "resume" | undefined {
  const stop = stopOf(attempt);
  return stop && goesOnBy[stop.code];
}

/** What the branch head is told while an attempt waits that reports elsewhere. */
export function waitingReport(attempt: Attempt): Report {
  const { environment, kind, commit } = attempt;
  const check = codeSpan(isAnswer(attempt) ? requestCheckName(environment) : branchCheckName(environment));
  const goOn = goOnOffer(attempt);
  return {
    ending: "neutral",
    title: `${environment}: ${kind} to ${shortId(commit)} comes first`,
    summary: paragraphs(
      `A ${kind} of ${codeSpan(environment)} to ${codeSpan(shortId(commit))} has stopped: ${attempt.failure?.message ?? ""}`,
      `**What to do:** Read ${check} on that commit${goOn ? " and press its button" : ""}, or re-run this check to deploy this commit instead.`,
    ),
    offers: again,
  };
}
