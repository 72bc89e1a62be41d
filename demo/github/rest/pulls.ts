import { z } from "zod";
import { requireAuthor, requireItem } from "../auth/authorize.ts";
import { pullRequestRef } from "../changes/follow-pull-requests.ts";
import { mergePullRequest } from "../changes/merge-pull-request.ts";
import { savePullRequest } from "../changes/pull-request-events.ts";
import { listCommits } from "../git/history.ts";
import { branchRef, readRef, updateRef } from "../git/refs.ts";
import { ApiError, invalid } from "../http/api-error.ts";
import { choice, idParameter, parseBody } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import type { Answer, Route } from "../http/router.ts";
import type { PullRequest } from "../model/pull-request.ts";
import { timestamp } from "../model/world.ts";
import { pullRequestShape, pullRequestSummary } from "../shapes/pull-request.ts";
import { type RepositoryCall, reads, repositoryRoute, writes } from "./repository-route.ts";

/** Pull requests between branches of one repository. */
export const pullRoutes: readonly Route[] = [
  repositoryRoute("GET", "/pulls", reads("pull_requests"), listPulls),
  repositoryRoute("POST", "/pulls", { ...writes("pull_requests"), role: "read" }, createPull),
  repositoryRoute("GET", "/pulls/{pull_number}", reads("pull_requests"), getPull),
  repositoryRoute("PATCH", "/pulls/{pull_number}", writes("pull_requests"), updatePull),
  repositoryRoute("PUT", "/pulls/{pull_number}/merge", writes("contents"), mergePull),
];

function listPulls(call: RepositoryCall): Answer {
  const { world, repository, query } = call;
  const state = choice(call, "state", ["open", "closed", "all"], "open");
  const [base, head] = [query.get("base"), query.get("head")];
  const matching = [...repository.pullRequests.values()]
    .filter((pull) => state === "all" || pull.state === state)
    .filter((pull) => base === null || pull.baseBranch === base)
    .filter((pull) => head === null || `${repository.owner.login}:${pull.headBranch}` === head)
    .toReversed();
  const { items, headers } = paginate(call, matching);
  return {
    status: 200,
    headers,
    body: items.map((pull) => pullRequestSummary(world.urls, repository, pull)),
  };
}

async function getPull(call: RepositoryCall): Promise<Answer> {
  return answerWith(call, 200, requireItem(call, call.repository.pullRequests, "pull_number"));
}

async function answerWith(
  { world, repository }: RepositoryCall,
  status: number,
  pull: PullRequest,
): Promise<Answer> {
  return { status, body: await pullRequestShape(world.urls, repository, pull) };
}

const creation = z.object({
  title: z.string().min(1),
  head: z.string().min(1),
  base: z.string().min(1),
  body: z.string().nullish(),
});

async function createPull(call: RepositoryCall): Promise<Answer> {
  const { title, body, ...wanted } = parseBody(call, creation);
  const author = requireAuthor(call);
  const sides = await findSides(call, wanted.base, wanted.head);
  const now = timestamp(call.world);
  const draft: PullRequest = {
    ...sides,
    id: call.world.nextId(),
    number: nextNumber(call),
    title,
    body: body ?? null,
    author: author.account,
    state: "open",
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    merge: null,
  };
  const { world, repository } = call;
  const pull = savePullRequest(world, repository, author, draft, { action: "opened" });
  await updateRef(repository.directory, {
    ref: pullRequestRef(pull.number),
    before: null,
    after: pull.headSha,
  });
  return answerWith(call, 201, pull);
}

function nextNumber({ repository }: RepositoryCall): number {
  return repository.pullRequests.size + 1;
}

/** Both branches and their heads. 422 for one that does not exist, or for two with nothing between them. */
async function findSides(call: RepositoryCall, baseBranch: string, head: string) {
  const { owner, directory, pullRequests } = call.repository;
  const headBranch = head.startsWith(`${owner.login}:`) ? head.slice(owner.login.length + 1) : head;
  const [baseSha, headSha] = await Promise.all(
    [baseBranch, headBranch].map((branch) => readRef(directory, branchRef(branch))),
  );
  if (baseSha === undefined) throw invalid("PullRequest", "base", "base is invalid");
  if (headSha === undefined) throw invalid("PullRequest", "head", "head is invalid");
  const commits = await listCommits(directory, { from: [baseSha], to: headSha, limit: 1 });
  if (commits.length === 0)
    throw invalid("PullRequest", "head", `No commits between ${baseBranch} and ${headBranch}`);
  const open = [...pullRequests.values()].filter(({ state }) => state === "open");
  if (open.some((pull) => pull.baseBranch === baseBranch && pull.headBranch === headBranch)) {
    throw invalid("PullRequest", "head", `A pull request already exists for ${owner.login}:${headBranch}.`);
  }
  return { baseBranch, headBranch, baseSha, headSha };
}

const update = z.object({
  title: z.string().min(1).optional(),
  body: z.string().nullable().optional(),
  state: z.enum(["open", "closed"]).optional(),
});

async function updatePull(call: RepositoryCall): Promise<Answer> {
  const pull = requireItem(call, call.repository.pullRequests, "pull_number");
  const { title = pull.title, body = pull.body, state = pull.state } = parseBody(call, update);
  if (pull.merge !== null && state === "open")
    throw invalid("PullRequest", "state", "state cannot be changed.");
  const closedAt = state === "open" ? null : (pull.closedAt ?? timestamp(call.world));
  const action = state === pull.state ? "edited" : state === "open" ? "reopened" : "closed";
  const extra = action === "edited" ? { changes: {} } : {};
  const changed = { ...pull, title, body, state, closedAt };
  const saved = savePullRequest(call.world, call.repository, requireAuthor(call), changed, { action, extra });
  return answerWith(call, 200, saved);
}

const mergeRequest = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(["merge", "squash", "rebase"]).default("merge"),
});

async function mergePull(call: RepositoryCall): Promise<Answer> {
  const number = idParameter(call, "pull_number");
  const {
    merge_method: method,
    commit_title: title,
    commit_message: message,
    sha,
  } = parseBody(call, mergeRequest);
  if (method === "rebase") throw new ApiError(405, "Rebase merges are not allowed on this repository.");
  const author = requireAuthor(call);
  const merged = await mergePullRequest(call.world, call.repository, author, {
    number,
    method,
    title,
    message,
    sha,
  });
  return { status: 200, body: { sha: merged, merged: true, message: "Pull Request successfully merged" } };
}
