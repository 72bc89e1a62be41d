import { requireAuthor, requireItem } from "../auth/authorize.ts";
import { announceCheckSuite } from "../changes/open-check-suites.ts";
import { resolveCommit } from "../git/history.ts";
import { unprocessable } from "../http/api-error.ts";
import { parameter } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import type { Answer, Route } from "../http/router.ts";
import { checkSuiteShape } from "../shapes/check.ts";
import { type RepositoryCall, reads, repositoryRoute, writes } from "./repository-route.ts";

/** Check suites: one App's check runs on one commit. */
export const checkSuiteRoutes: readonly Route[] = [
  repositoryRoute("GET", "/check-suites/{check_suite_id}", reads("checks"), getSuite),
  repositoryRoute("POST", "/check-suites/{check_suite_id}/rerequest", writes("checks"), rerequestSuite),
  repositoryRoute("GET", "/commits/{ref}/check-suites", reads("checks"), listForRef),
];

async function getSuite(call: RepositoryCall): Promise<Answer> {
  const suite = requireItem(call, call.repository.checkSuites, "check_suite_id");
  return { status: 200, body: await checkSuiteShape(call.world.urls, call.repository, suite) };
}

async function rerequestSuite(call: RepositoryCall): Promise<Answer> {
  const suite = requireItem(call, call.repository.checkSuites, "check_suite_id");
  announceCheckSuite(call.world, call.repository, suite, {
    sender: requireAuthor(call).account,
    action: "rerequested",
  });
  return { status: 201, body: {} };
}

async function listForRef(call: RepositoryCall): Promise<Answer> {
  const { world, repository, query } = call;
  const ref = parameter(call, "ref");
  const sha = await resolveCommit(repository.directory, ref);
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${ref}`);
  const app = query.get("app_id");
  const matching = [...repository.checkSuites.values()]
    .filter(({ headSha }) => headSha === sha)
    .filter((suite) => app === null || String(suite.app.id) === app);
  const { items, headers } = paginate(call, matching);
  const check_suites = await Promise.all(
    items.map((suite) => checkSuiteShape(world.urls, repository, suite)),
  );
  return { status: 200, headers, body: { total_count: matching.length, check_suites } };
}
