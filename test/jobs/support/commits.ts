import { runGit } from "../../support/git.ts";

export interface CommitInput {
  /** Everything that the commit holds; the reference application's root file unless told. */
  readonly files?: Readonly<Record<string, string>>;
  /** None: a root commit. */
  readonly parents?: readonly string[];
  readonly message?: string;
  /** Branches that shall point at it, without `refs/heads/`. Moved without an event. */
  readonly branches?: readonly string[];
}

let made = 0;

/** Writes a commit straight into a bare repository; gives its id. Two calls never give the same commit. */
export async function writeCommit(directory: string, input: CommitInput): Promise<string> {
  made += 1;
  const { files = app(), parents = [], message = `change ${made}`, branches = [] } = input;
  const [from, ...merged] = parents;
  const stream = [
    "commit refs/scratch/commit",
    "mark :1",
    `committer Ada <ada@example.com> ${1_700_000_000 + made} +0000`,
    data(message),
    ...(from === undefined ? [] : [`from ${from}`]),
    ...merged.map((parent) => `merge ${parent}`),
    "deleteall",
    ...Object.entries(files).flatMap(([name, content]) => [`M 100644 inline ${name}`, data(content)]),
    ...branches.flatMap((branch) => [`reset refs/heads/${branch}`, "from :1", ""]),
    "reset refs/scratch/commit",
    "from 0000000000000000000000000000000000000000",
    "",
    "get-mark :1",
    "",
  ].join("\n");
  return await runGit(directory, ["fast-import", "--quiet", "--force"], { input: stream });
}

/** The smallest application: the rules only ask whether there is one. */
export function app(files: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { "cdktf.json": "{}", ...files };
}

/** The same with a policy. */
export function appWithPolicy(policy: string): Record<string, string> {
  return app({ ".github/waymark.yml": policy });
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}`;
