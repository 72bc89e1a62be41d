import type { Attempt } from "../attempt.ts";
import type { Stop } from "../stop.ts";
import { paragraphs } from "./markdown.ts";
import type { Report } from "./report.ts";

const titles: Readonly<Record<Stop["code"], string>> = {
  validated: "Validated; nothing was deployed",
  planned: "Planned; nothing was deployed",
  "approval-needed": "Waiting for an approval",
  "end-unknown": "Waiting for a decision",
};

/** An attempt that stopped before it deployed everything. `details` is Markdown about what was planned and applied. */
export function stoppedReport(
  { environment }: Attempt,
  { code, message, next }: Stop,
  details?: string,
): Report {
  const asks = code === "approval-needed" || code === "end-unknown";
  return {
    ending: asks ? "action_required" : "neutral",
    title: `${environment}: ${titles[code]}`,
    summary: paragraphs(message, `**What to do:** ${next}`, details),
    canRetry: true,
  };
}
