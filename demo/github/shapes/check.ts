import { type CheckRun, type CheckSuite, latestRuns } from "../model/check.ts";
import type { Repository } from "../model/repository.ts";
import type { Urls } from "../model/world.ts";
import { appShape } from "./app.ts";
import { simpleCommitShape } from "./commit.ts";
import { pullRequestsAt } from "./pull-request-minimal.ts";
import { repositoryShape } from "./repository.ts";
import { nodeId, type Schemas } from "./schemas.ts";

/** `check-run`. */
export function checkRunShape(urls: Urls, repository: Repository, run: CheckRun) {
  const url = `${urls.api}/repos/${repository.fullName}/check-runs/${run.id}`;
  const page = `${urls.web}/${repository.fullName}/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("CheckRun", run.id),
    head_sha: run.suite.headSha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite.id },
    app: appShape(urls, run.suite.app),
    pull_requests: pullRequestsAt(urls, repository, run.suite.headSha),
  } satisfies Schemas["check-run"];
}

/** `check-run` as its events carry it: with its suite. */
export function checkRunEventShape(urls: Urls, repository: Repository, run: CheckRun) {
  const check_suite = suiteSummary(urls, repository, run.suite);
  return {
    ...checkRunShape(urls, repository, run),
    check_suite,
  } satisfies Schemas["check-run-with-simple-check-suite"];
}

/** `check-suite`. */
export async function checkSuiteShape(urls: Urls, repository: Repository, suite: CheckSuite) {
  return {
    ...(await checkSuiteEventShape(urls, repository, suite)),
    repository: repositoryShape(urls, repository),
  } satisfies Schemas["check-suite"];
}

/** `check-suite` as its events carry it: they have the repository beside it. */
export async function checkSuiteEventShape(urls: Urls, repository: Repository, suite: CheckSuite) {
  const summary = suiteSummary(urls, repository, suite);
  return {
    ...summary,
    head_commit: await simpleCommitShape(repository, suite.headSha),
    latest_check_runs_count: runsOf(repository, suite).length,
    check_runs_url: `${summary.url}/check-runs`,
    rerequestable: true,
    runs_rerequestable: true,
  };
}

function suiteSummary(urls: Urls, repository: Repository, suite: CheckSuite) {
  return {
    id: suite.id,
    node_id: nodeId("CheckSuite", suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...suiteResult(runsOf(repository, suite)),
    url: `${urls.api}/repos/${repository.fullName}/check-suites/${suite.id}`,
    before: suite.before,
    after: suite.after,
    pull_requests: pullRequestsAt(urls, repository, suite.headSha),
    app: appShape(urls, suite.app),
    created_at: suite.createdAt,
    updated_at: suite.createdAt,
  };
}

function runsOf(repository: Repository, suite: CheckSuite): readonly CheckRun[] {
  return latestRuns([...repository.checkRuns.values()].filter((run) => run.suite.id === suite.id));
}

const severity = [
  "failure",
  "timed_out",
  "action_required",
  "cancelled",
  "success",
  "neutral",
  "skipped",
] as const;

/** A suite is as far as its slowest run, and as bad as its worst one. */
function suiteResult(runs: readonly CheckRun[]) {
  if (runs.length === 0) return { status: "queued" as const, conclusion: null };
  const open = runs.find(({ status }) => status !== "completed");
  if (open !== undefined) return { status: open.status, conclusion: null };
  const worst = severity.find((conclusion) => runs.some((run) => run.conclusion === conclusion));
  return { status: "completed" as const, conclusion: worst ?? null };
}
