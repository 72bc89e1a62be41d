import type { FileChange } from "../git/history.ts";
import { type GitObject, parseSignature, readObject } from "../git/object.ts";
import type { Account } from "../model/account.ts";
import { noreplyEmail } from "../model/account.ts";
import type { Repository } from "../model/repository.ts";
import type { Urls, World } from "../model/world.ts";
import { accountShape } from "./account.ts";
import { nodeId, type Schemas } from "./schemas.ts";

/** `commit`, without the list of files. */
export function commitShape(world: World, repository: Repository, commit: GitObject) {
  const { urls } = world;
  const api = `${urls.api}/repos/${repository.fullName}`;
  const url = `${api}/commits/${commit.sha}`;
  const author = parseSignature(commit.header("author") ?? "");
  const committer = parseSignature(commit.header("committer") ?? "");
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    url,
    html_url: commitPage(urls, repository, commit.sha),
    comments_url: `${url}/comments`,
    commit: {
      url: `${api}/git/commits/${commit.sha}`,
      author,
      committer,
      message: commit.message.trimEnd(),
      comment_count: 0,
      tree: treeShape(api, commit),
      verification: verificationShape(commit),
    },
    author: accountOf(world, author.email),
    committer: accountOf(world, committer.email),
    parents: parentShapes(urls, repository, commit),
  } satisfies Schemas["commit"];
}

/** `git-commit`: the bare object. */
export function gitCommitShape(urls: Urls, repository: Repository, commit: GitObject) {
  const api = `${urls.api}/repos/${repository.fullName}`;
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: commitPage(urls, repository, commit.sha),
    author: parseSignature(commit.header("author") ?? ""),
    committer: parseSignature(commit.header("committer") ?? ""),
    message: commit.message.trimEnd(),
    tree: treeShape(api, commit),
    parents: parentShapes(urls, repository, commit),
    verification: verificationShape(commit),
  } satisfies Schemas["git-commit"];
}

/** `git-tag`. */
export function tagShape(urls: Urls, repository: Repository, tag: GitObject) {
  const git = `${urls.api}/repos/${repository.fullName}/git`;
  const type = tag.header("type") ?? "commit";
  const target = tag.header("object") ?? "";
  return {
    node_id: nodeId("Tag", tag.sha),
    tag: tag.header("tag") ?? "",
    sha: tag.sha,
    url: `${git}/tags/${tag.sha}`,
    message: tag.message,
    tagger: parseSignature(tag.header("tagger") ?? ""),
    object: { sha: target, type, url: `${git}/${type}s/${target}` },
    verification: verificationShape(tag),
  } satisfies Schemas["git-tag"];
}

/** `simple-commit`, read from the repository. */
export async function simpleCommitShape(
  repository: Repository,
  sha: string,
): Promise<Schemas["simple-commit"]> {
  const commit = await readObject(repository.directory, sha);
  const author = parseSignature(commit.header("author") ?? "");
  const committer = parseSignature(commit.header("committer") ?? "");
  return {
    id: sha,
    tree_id: commit.header("tree") ?? "",
    message: commit.message.trimEnd(),
    timestamp: committer.date,
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
  };
}

/** `diff-entry`, without the patch. */
export function fileShape(urls: Urls, repository: Repository, commit: string, file: FileChange) {
  const { path, sha, status, additions, deletions } = file;
  const site = `${urls.web}/${repository.fullName}`;
  const place = path.split("/").map(encodeURIComponent).join("/");
  return {
    sha,
    filename: path,
    status,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${site}/blob/${commit}/${place}`,
    raw_url: `${site}/raw/${commit}/${place}`,
    contents_url: `${urls.api}/repos/${repository.fullName}/contents/${place}?ref=${commit}`,
  } satisfies Schemas["diff-entry"];
}

/** The address of a commit's page. */
export function commitPage(urls: Urls, repository: Repository, sha: string): string {
  return `${urls.web}/${repository.fullName}/commit/${sha}`;
}

/** The account that commits with this address; undefined if it belongs to nobody here. */
export function findByEmail(world: World, email: string): Account | undefined {
  return [...world.accounts.values()].find((account) => noreplyEmail(account) === email);
}

function accountOf(world: World, email: string) {
  const account = findByEmail(world, email);
  return account === undefined ? null : accountShape(world.urls, account);
}

function treeShape(api: string, commit: GitObject) {
  const sha = commit.header("tree") ?? "";
  return { sha, url: `${api}/git/trees/${sha}` };
}

function parentShapes(urls: Urls, repository: Repository, commit: GitObject) {
  const api = `${urls.api}/repos/${repository.fullName}`;
  return commit.headers("parent").map((sha) => {
    return { sha, url: `${api}/commits/${sha}`, html_url: commitPage(urls, repository, sha) };
  });
}

/** Nobody here has told the server a signing key, so every signature is by an unknown one. */
function verificationShape({ signature, payload }: GitObject) {
  const reason = signature === null ? "unsigned" : "unknown_key";
  return { verified: false, reason, signature, payload, verified_at: null } satisfies Schemas["verification"];
}
