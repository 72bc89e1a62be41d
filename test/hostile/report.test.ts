import { expect } from "vitest";
import type { PlanSummary } from "../../promotion/plan-summary.ts";
import { heldReport } from "../../promotion/report/held.ts";
import { code } from "../../promotion/report/markdown.ts";
import { deployedReport, failedReport } from "../../promotion/report/outcome.ts";
import { clickRefusedReport, refusedReport } from "../../promotion/report/refused.ts";
import type { Report } from "../../promotion/report/report.ts";
import { stackDetails } from "../../promotion/report/stacks.ts";
import { stoppedReport } from "../../promotion/report/stopped.ts";
import { attack } from "./support/hostile-case.ts";
import { ownElements, render } from "./support/rendered.ts";
import { mark, reportTable } from "./tables/report.ts";

const commit = "c".repeat(40);

/** Every kind of report in which a text from outside can turn up, with that text in each such place. */
function reportsWith(text: string): readonly Report[] {
  const failure = { code: "terraform-failed", message: text, next: "Correct it, then push." };
  const counts = { adds: 1, changes: 0, deletes: 0, replaces: 0 };
  const plan: PlanSummary = { resources: [{ address: text, action: "create" }], outputs: [] };
  const details = stackDetails([{ stack: "web", result: "failed", reason: text, plan, ...counts }]);
  const error = { message: text, line: 1, column: 1 };
  const record = { repository: 7, environment: "dev", number: 1, commit, branch: "dev", branchHead: commit };
  const stop = { code: "approval-needed", message: code(text), next: "Approve it." } as const;
  const stopped = {
    ...record,
    kind: "promotion",
    owner: "w",
    tries: 1,
    result: "failed",
    failure: stop,
  } as const;
  return [
    failedReport("dev", failure, undefined, details),
    heldReport("dev", { reason: "policy-invalid", error }),
    heldReport("dev", { reason: "failed-before", failure }),
    heldReport("dev", { reason: "may-differ", failure }),
    deployedReport({ ...record, kind: "promotion", requestedBy: text }, details),
    refusedReport("dev", { reason: "not-permitted", by: text }, undefined),
    clickRefusedReport("dev", "rerun", text),
    clickRefusedReport("dev", "approve", text),
    stoppedReport(stopped, stopped.failure),
    heldReport("dev", { reason: "stopped", attempt: stopped }),
  ];
}

attack(reportTable, ({ input }) => {
  const honest = reportsWith("honest").map(({ summary }) => render(summary).prose.replaceAll("@honest", ""));
  for (const [index, { title, summary }] of reportsWith(input).entries()) {
    const shown = render(summary);
    expect(shown.elements.filter((element) => !ownElements.includes(element.replace("/", "")))).toEqual([]);
    expect(shown.prose).toBe(honest[index]);
    expect(shown.code).toContain(mark);
    for (const text of [title, summary]) {
      expect(text).not.toMatch(/[\p{Cs}\u202A-\u202E\u2066-\u2069\u200F]|(?!\n)\p{Cc}/u);
    }
    expect(title).not.toContain("\n");
    // What is rendered here takes any fence; GitHub's renderer takes 80 backticks.
    expect(summary).not.toMatch(/`{80}/);
    expect(summary.length).toBeLessThan(16_000);
  }
});
