import { git, gitSays } from "./git.ts";
import { askOnce } from "./immutable.ts";
import { readRefs } from "./refs.ts";

/** The commit that a SHA (7 to 40 digits), branch, tag or `heads/…`, `tags/…` name means; undefined if none. */
export async function resolveCommit(directory: string, name: string): Promise<string | undefined> {
  const revision = /^[0-9a-f]{7,40}$/.test(name) ? name : await findRef(directory, name);
  return revision === undefined ? undefined : peel(directory, revision, "commit");
}

async function findRef(directory: string, name: string): Promise<string | undefined> {
  if (name === "HEAD") return name;
  const refs = await readRefs(directory);
  return [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name].find((ref) => refs.has(ref));
}

/** The object of a type that a SHA or ref leads to; undefined if it does not exist or leads elsewhere. */
export async function peel(
  directory: string,
  revision: string,
  type: "commit" | "object",
): Promise<string | undefined> {
  return type === "commit" ? peelToCommit(directory, revision) : parse(directory, `${revision}^{${type}}`);
}

const peelToCommit = askOnce((directory, revision: string) => parse(directory, `${revision}^{commit}`));

function parse(directory: string, revision: string): Promise<string | undefined> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", revision];
  return git(directory, args).catch(() => undefined);
}

/** The type of an object, e.g. `tag`; undefined if there is no such object. */
export async function objectType(directory: string, sha: string): Promise<string | undefined> {
  return git(directory, ["cat-file", "-t", sha]).catch(() => undefined);
}

/** True if `ancestor` is `commit` or is reachable from it. Both are SHAs of commits. */
export async function isAncestor(directory: string, ancestor: string, commit: string): Promise<boolean> {
  return (await askAncestor(directory, ancestor, commit)) === true;
}

const askAncestor = askOnce((directory, ancestor: string, commit: string) =>
  gitSays(directory, ["merge-base", "--is-ancestor", ancestor, commit]),
);

/** The best common ancestor; undefined for unrelated histories. */
export async function mergeBase(directory: string, left: string, right: string): Promise<string | undefined> {
  return git(directory, ["merge-base", left, right]).catch(() => undefined);
}

export interface Range {
  readonly from: readonly string[];
  readonly to: string;
  readonly limit?: number;
}

/** Commits reachable from `to` and from none of `from` (SHAs), oldest first; the newest `limit` of them. */
export async function listCommits(directory: string, { from, to, limit }: Range): Promise<readonly string[]> {
  const most = limit === undefined ? [] : [`--max-count=${limit}`];
  const output = await git(directory, ["rev-list", "--topo-order", ...most, to, "--not", ...from]);
  return output === "" ? [] : output.split("\n").reverse();
}

export interface FileChange {
  readonly status: "added" | "removed" | "modified";
  readonly path: string;
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
}

const statuses: Readonly<Record<string, FileChange["status"]>> = { A: "added", D: "removed" };

const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** The files that differ between two trees or commits; `from` undefined means an empty tree. */
export async function listChanges(
  directory: string,
  from: string | undefined,
  to: string,
): Promise<readonly FileChange[]> {
  return (await compareTrees(directory, from ?? emptyTree, to)) ?? [];
}

const compareTrees = askOnce(async (directory, from: string, to: string): Promise<readonly FileChange[]> => {
  const args = ["diff-tree", "-r", "-z", "--no-renames", "--raw", "--numstat", from, to];
  const fields = (await git(directory, args)).split("\0");
  const lines = countLines(fields);
  return fields.flatMap((field, index) => {
    const [, , , after, letter] = field.startsWith(":") ? field.split(" ") : [];
    const path = fields[index + 1];
    if (after === undefined || letter === undefined || path === undefined) return [];
    const counts = lines.get(path) ?? { additions: 0, deletions: 0 };
    return [{ status: statuses[letter] ?? "modified", path, sha: after, ...counts }];
  });
});

function countLines(fields: readonly string[]) {
  const entries = fields.flatMap((field) => {
    const match = /^(\d+|-)\t(\d+|-)\t(.+)$/s.exec(field);
    if (match === null) return [];
    const [, additions = "0", deletions = "0", path = ""] = match;
    return [[path, { additions: Number(additions) || 0, deletions: Number(deletions) || 0 }] as const];
  });
  return new Map(entries);
}
