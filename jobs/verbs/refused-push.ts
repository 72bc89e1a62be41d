import type { PushResult } from "../../adapters/git/push.ts";
import { WaymarkError } from "../../promotion/failure.ts";
import { failedReport } from "../../promotion/report/outcome.ts";
import type { Look } from "../observe/observe.ts";
import { showReport } from "../reports/check.ts";
import { headPlace } from "../reports/place.ts";
import { boardOf, type Work } from "../services.ts";

/** A push that moved nothing: stale means look again; refused means a person has to open the way. */
export async function refusePush(work: Work, look: Look, push: PushResult): Promise<void> {
  if (push.moved || push.why === "stale") return;
  const error = pushRefused(push);
  const { head, last, environment } = look.observation;
  if (head !== undefined) {
    const place = headPlace(environment.name, head, "push-refused");
    await showReport(boardOf(work), place, failedReport(environment.name, error, last));
  }
  throw error;
}

/** What a person has to know about a push that the server forbids. */
export function pushRefused({ refs, said }: Extract<PushResult, { moved: false }>): WaymarkError {
  return new WaymarkError({
    code: "push-refused",
    source: "user",
    class: "configuration",
    message: `GitHub refused to move ${refs.join(", ")}: ${said}`,
    next: "Let the Waymark App bypass the ruleset that protects these tags, and check its permissions (contents, workflows).",
  });
}
