import { requireAuthor, requireInstallation, requireItem } from "../auth/authorize.ts";
import { announceCheckRun, type CheckNews, saveCheckRun } from "../changes/check-runs.ts";
import { addSuite, findSuite } from "../changes/open-check-suites.ts";
import { resolveCommit } from "../git/history.ts";
import { ApiError, invalid, unprocessable } from "../http/api-error.ts";
import { choice, parameter, parseBody } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import type { Answer, Route } from "../http/router.ts";
import { type CheckRun, type CheckSuite, latestRuns } from "../model/check.ts";
import { timestamp } from "../model/world.ts";
import { annotationShape } from "../shapes/annotation.ts";
import { checkRunShape } from "../shapes/check.ts";
import { createRequest, type Draft, toDraft, updateRequest } from "./check-run-request.ts";
import { type RepositoryCall, reads, repositoryRoute, writes } from "./repository-route.ts";

/** Check runs. */
export const checkRunRoutes: readonly Route[] = [
  repositoryRoute("POST", "/check-runs", writes("checks"), createCheckRun),
  repositoryRoute("GET", "/check-runs/{check_run_id}", reads("checks"), getCheckRun),
  repositoryRoute("PATCH", "/check-runs/{check_run_id}", writes("checks"), updateCheckRun),
  repositoryRoute("GET", "/check-runs/{check_run_id}/annotations", reads("checks"), listAnnotations),
  repositoryRoute("POST", "/check-runs/{check_run_id}/rerequest", writes("checks"), rerequestCheckRun),
  repositoryRoute("GET", "/commits/{ref}/check-runs", reads("checks"), listForRef),
  repositoryRoute("GET", "/check-suites/{check_suite_id}/check-runs", reads("checks"), listForSuite),
];

async function createCheckRun(call: RepositoryCall): Promise<Answer> {
  const { app } = requireInstallation(call).installation;
  const { name, head_sha, ...given } = parseBody(call, createRequest);
  if ((await resolveCommit(call.repository.directory, head_sha)) !== head_sha) {
    throw unprocessable(`No commit found for SHA: ${head_sha}`);
  }
  const suite = suiteFor(call, head_sha);
  const now = timestamp(call.world);
  const blank = { ...newRun, id: call.world.nextId(), suite, name, startedAt: now };
  const run = complete(blank, toDraft(given), now);
  return { status: 201, body: save(call, run, { sender: app.bot, action: "created" }) };
}

const newRun = {
  externalId: "",
  detailsUrl: null,
  status: "queued",
  conclusion: null,
  completedAt: null,
  title: null,
  summary: null,
  text: null,
  annotations: [],
  actions: [],
} as const;

function suiteFor({ world, repository, ...call }: RepositoryCall, sha: string): CheckSuite {
  const { app } = requireInstallation({ world, ...call }).installation;
  const blank = { headBranch: null, before: null, after: null };
  return findSuite(repository, app, sha) ?? addSuite(world, repository, app, sha, blank);
}

/** Puts a request's fields over a run. A conclusion completes it; new annotations add to the old ones. */
function complete(run: CheckRun, { annotations, ...draft }: Draft, now: string): CheckRun {
  const merged: CheckRun = { ...run, ...draft, annotations: [...run.annotations, ...annotations] };
  if (merged.conclusion !== null && draft.conclusion !== undefined) {
    return { ...merged, status: "completed", completedAt: draft.completedAt ?? now };
  }
  if (merged.status === "completed" && merged.conclusion === null) {
    throw invalid("CheckRun", "conclusion", "conclusion is required when status is completed");
  }
  return merged.status === "completed" ? merged : { ...merged, conclusion: null, completedAt: null };
}

function updateCheckRun(call: RepositoryCall): Answer {
  const { app } = requireInstallation(call).installation;
  const run = requireItem(call, call.repository.checkRuns, "check_run_id");
  if (run.suite.app !== app) {
    throw new ApiError(
      403,
      `Invalid app_id \`${app.id}\` - check run can only be modified by the GitHub App that created it.`,
    );
  }
  const { name, ...given } = parseBody(call, updateRequest);
  const changed = complete({ ...run, name: name ?? run.name }, toDraft(given), timestamp(call.world));
  const finished = run.status !== "completed" && changed.status === "completed";
  return {
    status: 200,
    body: save(call, changed, { sender: app.bot, action: finished ? "completed" : null }),
  };
}

function save({ world, repository }: RepositoryCall, run: CheckRun, news: CheckNews) {
  saveCheckRun(world, repository, run, news);
  return checkRunShape(world.urls, repository, run);
}

function getCheckRun(call: RepositoryCall): Answer {
  const run = requireItem(call, call.repository.checkRuns, "check_run_id");
  return { status: 200, body: checkRunShape(call.world.urls, call.repository, run) };
}

function listAnnotations(call: RepositoryCall): Answer {
  const run = requireItem(call, call.repository.checkRuns, "check_run_id");
  const { items, headers } = paginate(call, run.annotations);
  const body = items.map((item) => annotationShape(call.world.urls, call.repository, run, item));
  return { status: 200, headers, body };
}

function rerequestCheckRun(call: RepositoryCall): Answer {
  const { account } = requireAuthor(call);
  const run = requireItem(call, call.repository.checkRuns, "check_run_id");
  announceCheckRun(call.world, call.repository, run, { sender: account, action: "rerequested" });
  return { status: 201, body: {} };
}

async function listForRef(call: RepositoryCall): Promise<Answer> {
  const ref = parameter(call, "ref");
  const sha = await resolveCommit(call.repository.directory, ref);
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${ref}`);
  return list(call, (run) => run.suite.headSha === sha);
}

function listForSuite(call: RepositoryCall): Answer {
  const suite = requireItem(call, call.repository.checkSuites, "check_suite_id");
  return list(call, (run) => run.suite === suite);
}

/** The runs that match the query's filters too, newest first. */
function list(call: RepositoryCall, belongs: (run: CheckRun) => boolean): Answer {
  const { query, repository, world } = call;
  const name = query.get("check_name");
  const app = query.get("app_id");
  const status = query.has("status")
    ? choice(call, "status", ["queued", "in_progress", "completed"], "queued")
    : null;
  const here = [...repository.checkRuns.values()].filter(belongs);
  const runs = choice(call, "filter", ["latest", "all"], "latest") === "all" ? here : latestRuns(here);
  const matching = runs
    .filter((run) => name === null || run.name === name)
    .filter((run) => app === null || String(run.suite.app.id) === app)
    .filter((run) => status === null || run.status === status)
    .toReversed();
  const { items, headers } = paginate(call, matching);
  const check_runs = items.map((run) => checkRunShape(world.urls, repository, run));
  return { status: 200, headers, body: { total_count: matching.length, check_runs } };
}
