import { listChanges, listCommits, mergeBase } from "../git/history.ts";
import { mergeTree } from "../git/merge.ts";
import type { PullRequest } from "../model/pull-request.ts";
import type { Repository } from "../model/repository.ts";
import type { Urls } from "../model/world.ts";
import { accountShape } from "./account.ts";
import { repositoryShape } from "./repository.ts";
import { nodeId, type Schemas } from "./schemas.ts";

/** `pull-request-simple`, as lists show it. */
export function pullRequestSummary(urls: Urls, repository: Repository, pull: PullRequest) {
  return {
    ...addresses(urls, repository, pull),
    id: pull.id,
    node_id: nodeId("PullRequest", pull.id),
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    body: pull.body,
    user: accountShape(urls, pull.author),
    labels: [],
    milestone: null,
    active_lock_reason: null,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.merge?.at ?? null,
    merge_commit_sha: pull.merge?.sha ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: sideShape(urls, repository, pull.headBranch, pull.headSha),
    base: sideShape(urls, repository, pull.baseBranch, pull.baseSha),
    author_association: "MEMBER" as const,
    auto_merge: null,
    draft: false,
  } satisfies Schemas["pull-request-simple"];
}

/** `pull-request`, also as its events carry it. */
export async function pullRequestShape(urls: Urls, repository: Repository, pull: PullRequest) {
  const mergeable = pull.state === "open" ? await isMergeable(repository, pull) : null;
  return {
    ...pullRequestSummary(urls, repository, pull),
    ...(await sizes(repository, pull)),
    merged: pull.merge !== null,
    mergeable,
    rebaseable: false,
    mergeable_state: mergeable === null ? "unknown" : mergeable ? "clean" : "dirty",
    merged_by: pull.merge === null ? null : accountShape(urls, pull.merge.by),
    comments: [...repository.comments.values()].filter(({ number }) => number === pull.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
  } satisfies Schemas["pull-request"];
}

async function isMergeable({ directory }: Repository, { baseSha, headSha }: PullRequest): Promise<boolean> {
  return (await mergeTree(directory, baseSha, headSha)) !== undefined;
}

async function sizes({ directory }: Repository, { baseSha, headSha }: PullRequest) {
  const [fork, commits] = await Promise.all([
    mergeBase(directory, baseSha, headSha),
    listCommits(directory, { from: [baseSha], to: headSha }),
  ]);
  const files = await listChanges(directory, fork, headSha);
  const sum = (lines: readonly number[]) => lines.reduce((total, count) => total + count, 0);
  return {
    commits: commits.length,
    additions: sum(files.map((file) => file.additions)),
    deletions: sum(files.map((file) => file.deletions)),
    changed_files: files.length,
  };
}

function sideShape(urls: Urls, repository: Repository, ref: string, sha: string) {
  const { owner } = repository;
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: accountShape(urls, owner),
    repo: repositoryShape(urls, repository),
  };
}

function addresses(urls: Urls, { fullName }: Repository, { number, headSha }: PullRequest) {
  const page = `${urls.web}/${fullName}/pull/${number}`;
  const api = `${urls.api}/repos/${fullName}`;
  const targets = {
    self: `${api}/pulls/${number}`,
    html: page,
    issue: `${api}/issues/${number}`,
    comments: `${api}/issues/${number}/comments`,
    review_comments: `${api}/pulls/${number}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    commits: `${api}/pulls/${number}/commits`,
    statuses: `${api}/statuses/${headSha}`,
  };
  const link = (href: string) => ({ href });
  return {
    url: targets.self,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: targets.issue,
    commits_url: targets.commits,
    review_comments_url: targets.review_comments,
    review_comment_url: targets.review_comment,
    comments_url: targets.comments,
    statuses_url: targets.statuses,
    _links: {
      self: link(targets.self),
      html: link(page),
      issue: link(targets.issue),
      comments: link(targets.comments),
      review_comments: link(targets.review_comments),
      review_comment: link(targets.review_comment),
      commits: link(targets.commits),
      statuses: link(targets.statuses),
    },
  };
}
