import { modes } from "../mode.ts";
import { shortId } from "../object-id.ts";
import type { StoredRecord } from "../record.ts";
import type { RefusalReason } from "../request.ts";
import { code, mention, paragraphs } from "./markdown.ts";
import type { Report } from "./report.ts";

/** Why a move of `current` was undone, and what to do instead. */
export function refusedReport(
  environment: string,
  refusal: { readonly reason: RefusalReason; readonly by?: string },
  last: StoredRecord | undefined,
): Report {
  const tag = code(`deploy/${environment}/current`);
  const who = refusal.by === undefined ? "Somebody" : mention(refusal.by);
  const { why, next } = reasons(environment, tag)[refusal.reason];
  const back = last
    ? `The tag is back at ${code(`deploy/${environment}/${last.record.number}`)} (${code(shortId(last.record.commit))}).`
    : "The tag was removed again: nothing was deployed here yet.";
  return {
    ending: "failure",
    title: "The tag was put back; nothing was deployed",
    summary: paragraphs(`${who} moved ${tag}. ${why}`, back, `**What to do:** ${next}`),
  };
}

const reasons = (environment: string, tag: string): Record<RefusalReason, { why: string; next: string }> => ({
  "not-a-commit": {
    why: "It does not lead to a commit.",
    next: `Move ${tag} to a commit that was deployed to ${environment} before.`,
  },
  "author-unknown": {
    why: "GitHub did not tell within a minute who that was.",
    next: `Ask again with a fresh tag: ${code(`git tag -a -f -m rollback deploy/${environment}/current <commit>`)}, and push it with ${code("--force")}.`,
  },
  "not-permitted": {
    why: `Moving it takes the permission to maintain this repository, or being named under people in the policy of ${code(environment)}.`,
    next: "Ask a maintainer to move the tag.",
  },
  "not-deployable": {
    why: `That commit was never deployed to ${code(environment)}, and is no part of its branch that has passed its gates.`,
    next: `Choose a commit that a ${code(`deploy/${environment}/<number>`)} tag names, or merge it first.`,
  },
  "options-unreadable": {
    why: `Its message asks for something that is not known: ${code("Mode:")} takes ${modes.map(code).join(", ")}, ${code("Force:")} takes ${code("yes")}, each once.`,
    next: "Move the tag again with a message that says one of these, or without such a line.",
  },
});

/** What a click would have done, and what those who may are asked to do. */
const clicks = {
  rerun: {
    title: "Re-running",
    asked: "asked to deploy this commit again",
    next: "Ask a maintainer to re-run this check.",
  },
  approve: {
    title: "Approving",
    asked: "approved what this deployment deletes or replaces",
    next: "Ask a maintainer to press Approve.",
  },
  resume: {
    title: "Resuming",
    asked: "asked for this deployment to go on",
    next: "Ask a maintainer to press Resume.",
  },
} as const;
type Click = keyof typeof clicks;

/** A click that takes more than the person has. What waits for such a click goes on waiting for it. */
export function clickRefusedReport(environment: string, click: Click, by: string): Report {
  const { title, asked, next } = clicks[click];
  return {
    ending: "failure",
    title: `${title} takes more permission`,
    summary: paragraphs(
      `${mention(by)} ${asked}. That takes the permission to maintain this repository, or being named under people in the policy of ${code(environment)}.`,
      `**What to do:** ${next}`,
    ),
    offers: click === "rerun" ? [] : [click],
  };
}

/** A word about an attempt that waits no more: the branch has moved, or something else was tried meanwhile. */
export function staleClickReport(): Report {
  return {
    ending: "skipped",
    title: "Superseded",
    summary: paragraphs(
      "What was approved here is not what waits now: the branch has moved, or something else was tried since.",
      "**What to do:** Read the newest check run. If nothing waits there, re-run it: that plans again, and asks again.",
    ),
  };
}
