import { appendFile, cp, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Account, noreplyEmail } from "../model/account.ts";
import { git } from "./git.ts";
import { branchRef } from "./refs.ts";

/** Makes an empty bare repository that serves what GitHub serves: partial clones and fetches by SHA. */
export async function createBareRepository(directory: string, defaultBranch: string): Promise<void> {
  await git(directory, ["init", "--quiet", "--bare", `--initial-branch=${defaultBranch}`]);
  await appendFile(join(directory, "config"), settings);
}

/** As `git config` would write them, in one go. */
const settings = `[http]
	receivepack = true
[uploadpack]
	allowFilter = true
	allowAnySHA1InWant = true
[receive]
	denyDeleteCurrent = refuse
	hideRefs = refs/pull
	fsckObjects = true
[core]
	logAllRefUpdates = false
[gc]
	auto = 0
`;

export interface InitialCommit {
  /** Bare repository. */
  readonly directory: string;
  /** What the commit holds: a directory, without what its `.gitignore` names. */
  readonly from: string;
  readonly author: Account;
  readonly date: Date;
  readonly branches: readonly string[];
}

/** Commits a directory's content as the first commit of some branches, and returns the commit's SHA. */
export async function commitDirectory(initial: InitialCommit): Promise<string> {
  const scratch = await mkdtemp(join(initial.directory, "import-"));
  try {
    await cp(initial.from, join(scratch, "tree"), { recursive: true, filter: isContent });
    const environment = { GIT_INDEX_FILE: join(scratch, "index") };
    const tree = ["--work-tree", join(scratch, "tree"), "add", "--all"];
    await git(initial.directory, tree, { environment });
    const id = await git(initial.directory, ["write-tree"], { environment });
    return await commitTree(initial, id);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** Leaves out what is never committed and may be large, so that it is not even copied. */
function isContent(path: string): boolean {
  return !/[/\\](node_modules|\.git|cdktf\.out|\.terraform)$/.test(path);
}

async function commitTree(
  { directory, author, date, branches }: InitialCommit,
  tree: string,
): Promise<string> {
  const environment = authorship(author, author, date);
  const commit = await git(directory, ["commit-tree", "-m", "Initial commit", tree], { environment });
  for (const branch of branches) await git(directory, ["update-ref", branchRef(branch), commit]);
  return commit;
}

/** The environment that makes git write these names and this date into a commit. */
export function authorship(author: Account, committer: Account, date: Date): Record<string, string> {
  const when = `${Math.floor(date.getTime() / 1000)} +0000`;
  return {
    GIT_AUTHOR_NAME: author.login,
    GIT_AUTHOR_EMAIL: noreplyEmail(author),
    GIT_AUTHOR_DATE: when,
    GIT_COMMITTER_NAME: committer.login,
    GIT_COMMITTER_EMAIL: noreplyEmail(committer),
    GIT_COMMITTER_DATE: when,
  };
}
