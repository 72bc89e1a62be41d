import { listChanges, listCommits, mergeBase, resolveCommit } from "../git/history.ts";
import { readObject, readObjects } from "../git/object.ts";
import { notFound, unprocessable } from "../http/api-error.ts";
import { parameter } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import type { Answer, Route } from "../http/router.ts";
import { commitShape, fileShape } from "../shapes/commit.ts";
import { type RepositoryCall, reads, repositoryRoute } from "./repository-route.ts";

/** Commits, and how two of them differ. */
export const commitRoutes: readonly Route[] = [
  repositoryRoute("GET", "/commits", reads("contents"), listHistory),
  repositoryRoute("GET", "/commits/{ref}", reads("contents"), getCommit),
  repositoryRoute("GET", "/compare/{basehead}", reads("contents"), compare),
];

async function getCommit(call: RepositoryCall): Promise<Answer> {
  const ref = parameter(call, "ref");
  const sha = await resolveCommit(call.repository.directory, ref);
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${ref}`);
  const shape = await shapeOf(call, sha);
  const files = await changedFiles(call, shape.parents[0]?.sha, sha);
  const sum = (key: "additions" | "deletions") => files.reduce((total, file) => total + file[key], 0);
  const [additions, deletions] = [sum("additions"), sum("deletions")];
  return {
    status: 200,
    body: { ...shape, stats: { additions, deletions, total: additions + deletions }, files },
  };
}

async function listHistory(call: RepositoryCall): Promise<Answer> {
  const { repository, world, query } = call;
  const start = await resolveCommit(repository.directory, query.get("sha") ?? repository.defaultBranch);
  if (start === undefined) throw notFound();
  const shas = (await listCommits(repository.directory, { from: [], to: start })).toReversed();
  const { items, headers } = paginate(call, shas);
  const commits = await readObjects(repository.directory, items);
  return { status: 200, headers, body: commits.map((commit) => commitShape(world, repository, commit)) };
}

async function compare(call: RepositoryCall): Promise<Answer> {
  const { directory } = call.repository;
  const [left = "", right = ""] = parameter(call, "basehead").split("...");
  const [base, head] = await Promise.all([resolveCommit(directory, left), resolveCommit(directory, right)]);
  const fork = base && head && (await mergeBase(directory, base, head));
  if (!base || !head || !fork) throw notFound();
  const ahead = await listCommits(directory, { from: [base], to: head });
  const behind = await listCommits(directory, { from: [head], to: base });
  const { items, headers } = paginate(call, ahead);
  const body = {
    ...addresses(call, left, right),
    base_commit: await shapeOf(call, base),
    merge_base_commit: await shapeOf(call, fork),
    status: comparison(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: await Promise.all(items.map((sha) => shapeOf(call, sha))),
    files: await changedFiles(call, fork, head),
  };
  return { status: 200, headers, body };
}

function comparison(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return "diverged";
  if (ahead > 0) return "ahead";
  return behind > 0 ? "behind" : "identical";
}

function addresses({ world, repository }: RepositoryCall, left: string, right: string) {
  const range = `${encodeURIComponent(left)}...${encodeURIComponent(right)}`;
  const page = `${world.urls.web}/${repository.fullName}/compare/${range}`;
  return {
    url: `${world.urls.api}/repos/${repository.fullName}/compare/${range}`,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
  };
}

async function shapeOf({ world, repository }: RepositoryCall, sha: string) {
  return commitShape(world, repository, await readObject(repository.directory, sha));
}

async function changedFiles({ world, repository }: RepositoryCall, from: string | undefined, to: string) {
  const changes = await listChanges(repository.directory, from, to);
  return changes.map((change) => fileShape(world.urls, repository, to, change));
}
