import type { HoldReason } from "../decide.ts";
import { shortId } from "../object-id.ts";
import { policyPath } from "../policy.ts";
import { code, paragraphs } from "./markdown.ts";
import { again, type Offer, type Report } from "./report.ts";
import { waitingReport } from "./stopped.ts";

/** Why nothing is deployed for now, and what would change that. */
export function heldReport(environment: string, hold: HoldReason): Report {
  switch (hold.reason) {
    case "unknown-key":
      return stop(
        `${environment} is on hold: a record is signed by an unknown key`,
        `The refs of ${code(environment)} hold a record signed by the key ${code(hold.key)}, which is not trusted here.`,
        "Whoever runs Waymark adds that public key to WAYMARK_TRUSTED_KEYS, or deletes the forged tag.",
      );
    case "author-unknown":
      return wait(
        "Waiting to learn who moved the tag",
        `${tag(environment, "current")} was moved, and GitHub has not told yet by whom.`,
        "Nothing to do: Waymark looks again within seconds.",
      );
    case "frozen":
      return wait(
        `${environment} is frozen`,
        `${tag(environment, "frozen")} exists, so nothing deploys to ${code(environment)}.`,
        `Delete that tag to thaw it: git push origin :refs/tags/deploy/${environment}/frozen`,
      );
    case "outside-window":
      return wait(
        "Waiting for the next deploy window",
        `The policy of ${code(environment)} lets deployments start at certain times only.`,
        `Wait, or change the windows in ${policyPath} on the environment's branch.`,
      );
    case "claimed":
      return wait(
        `${environment} is claimed`,
        `${code(environment)} is held by ${hold.by}.`,
        `Ask for it to be released, or delete the tag deploy/${environment}/claimed.`,
      );
    case "policy-invalid":
      return fail(
        `${policyPath} can't be read`,
        `${code(policyPath)}, line ${hold.error.line}, column ${hold.error.column}: ${code(hold.error.message)}`,
        "Correct the file on this branch; the next merge is judged anew. Rollbacks still work.",
      );
    case "no-app":
      return wait(
        "Nothing to deploy yet",
        `This branch has no ${code("cdktf.json")} at its root.`,
        `Merge an application; ${environment} follows by itself.`,
      );
    case "gate":
      return gateReport(environment, hold.gate);
    case "failed-before":
      return fail(
        "This commit failed to deploy",
        failureText(hold.failure) ?? "An earlier attempt to deploy this commit failed.",
        "Re-run this check to try again, or merge a correction.",
      );
    case "branch-rewritten":
      return stop(
        "The branch was rewritten",
        `The branch head does not descend from ${code(shortId(hold.recorded))}, which was deployed from it.`,
        "Re-run this check to confirm that this is the history you want deployed.",
      );
    case "may-differ":
      return fail(
        `${environment} may differ from its record`,
        paragraphs(
          "An attempt failed half-way, so something may be applied that no record names.",
          failureText(hold.failure),
        ),
        "Re-run this check to deploy the branch head again, or merge a correction.",
      );
    case "stopped":
      return waitingReport(hold.attempt);
  }
}

type Gate = Extract<HoldReason, { reason: "gate" }>["gate"];

function gateReport(environment: string, gate: Gate): Report {
  const first = code(gate.environment);
  const commits = gate.commits.map((commit) => `- ${code(shortId(commit))}`).join("\n");
  const texts = {
    "nothing-deployed": `${first} comes before ${code(environment)} and has not deployed anything yet.`,
    "missing-commits": paragraphs(`These commits have not been deployed to ${first} yet:`, commits),
    "unclean-merges": paragraphs(`These merges hold changes that were never deployed to ${first}:`, commits),
  };
  return wait(
    `Waiting for ${gate.environment}`,
    texts[gate.reason],
    `Deploy them to ${gate.environment} first; ${environment} follows by itself.`,
  );
}

function failureText(
  failure: { code: string; message: string; next: string } | undefined,
): string | undefined {
  return failure && paragraphs(`${code(failure.message)} (${code(failure.code)})`, failure.next);
}

const tag = (environment: string, name: string): string => code(`deploy/${environment}/${name}`);

/** Nothing is wrong, and it goes on by itself. */
const wait = (title: string, what: string, next: string): Report => report("neutral", title, what, next, []);
/** Somebody must say yes. */
const stop = (title: string, what: string, next: string): Report =>
  report("action_required", title, what, next, again);
/** Something is broken. */
const fail = (title: string, what: string, next: string): Report =>
  report("failure", title, what, next, again);

function report(
  ending: Report["ending"],
  title: string,
  what: string,
  next: string,
  offers: readonly Offer[],
): Report {
  return { ending, title, summary: paragraphs(what, `**What to do:** ${next}`), offers };
}
