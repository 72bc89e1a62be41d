import { listChanges, listCommits, peel } from "../git/history.ts";
import { type GitObject, parseSignature, readObjects } from "../git/object.ts";
import type { RefChange } from "../git/refs.ts";
import type { Repository } from "../model/repository.ts";
import type { World } from "../model/world.ts";
import { commitPage, findByEmail } from "../shapes/commit.ts";
import type { Push } from "./push.ts";

const mostCommits = 20;

/** The commits a pushed branch got, oldest first, as `push` lists them. None for a tag or a deletion. */
export async function pushedCommits(
  world: World,
  repository: Repository,
  push: Push,
  { ref, before, after }: RefChange,
): Promise<readonly PushedCommit[]> {
  if (after === null || !ref.startsWith("refs/heads/")) return [];
  const from = before === null ? knownHeads(push) : [before];
  const shas = await listCommits(repository.directory, { from, to: after, limit: mostCommits });
  const commits = await readObjects(repository.directory, shas);
  return Promise.all(commits.map((commit) => shape(world, repository, commit)));
}

/** The commit that a pushed object leads to; null if that is none (a tag of a tree, say). */
export async function pushedCommit(
  world: World,
  repository: Repository,
  id: string,
): Promise<PushedCommit | null> {
  const sha = await peel(repository.directory, id, "commit");
  if (sha === undefined) return null;
  const [commit] = await readObjects(repository.directory, [sha]);
  return commit === undefined ? null : shape(world, repository, commit);
}

type PushedCommit = Awaited<ReturnType<typeof shape>>;

function knownHeads({ before }: Push): readonly string[] {
  return [...before].filter(([ref]) => ref.startsWith("refs/heads/")).map(([, sha]) => sha);
}

async function shape(world: World, repository: Repository, commit: GitObject) {
  const author = parseSignature(commit.header("author") ?? "");
  const committer = parseSignature(commit.header("committer") ?? "");
  return {
    id: commit.sha,
    tree_id: commit.header("tree") ?? "",
    distinct: true,
    message: commit.message.trimEnd(),
    timestamp: committer.date,
    url: commitPage(world.urls, repository, commit.sha),
    author: { ...author, ...username(world, author.email) },
    committer: { ...committer, ...username(world, committer.email) },
    ...(await touchedFiles(repository, commit)),
  };
}

function username(world: World, email: string) {
  const account = findByEmail(world, email);
  return account === undefined ? {} : { username: account.login };
}

async function touchedFiles({ directory }: Repository, commit: GitObject) {
  const changes = await listChanges(directory, commit.header("parent"), commit.sha);
  const paths = (wanted: string) => changes.filter(({ status }) => status === wanted).map(({ path }) => path);
  return { added: paths("added"), removed: paths("removed"), modified: paths("modified") };
}
