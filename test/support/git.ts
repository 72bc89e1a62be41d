import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { freshDirectory } from "./directory.ts";

/** Nothing of the machine's or the user's git reaches a test. */
const gitEnvironment = {
  PATH: process.env.PATH ?? "",
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_AUTHOR_DATE: "1700000000 +0000",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
  GIT_COMMITTER_DATE: "1700000000 +0000",
};

export interface GitCall {
  readonly input?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs git in a directory as a person would; gives its output without the last line break. */
export async function runGit(cwd: string, args: readonly string[], call: GitCall = {}): Promise<string> {
  const { stdout } = await execa("git", args, {
    cwd,
    extendEnv: false,
    env: { ...gitEnvironment, ...call.environment },
    ...(call.input === undefined ? {} : { input: call.input }),
  });
  return stdout;
}

/** A file's content, or a tree entry as git keeps it: a link, a program, a submodule. */
export type FileContent = string | { readonly mode: string; readonly content?: string; readonly id?: string };

export interface CommitInput {
  readonly files?: Readonly<Record<string, FileContent>>;
  readonly parents?: readonly string[];
  readonly message?: string;
  /** Branches that shall point at the commit, without `refs/heads/`. */
  readonly branches?: readonly string[];
}

/** A real bare repository that stands for the remote. */
export interface Remote {
  readonly directory: string;
  /** Its file URL. */
  readonly url: string;
  git(args: readonly string[], call?: GitCall): Promise<string>;
  /** Makes a commit that holds exactly these files. */
  commit(input: CommitInput): Promise<string>;
  /** Points a full ref at an object, whatever it held. */
  setRef(ref: string, object: string): Promise<void>;
  /** What a full ref holds; undefined: it does not exist. */
  readRef(ref: string): Promise<string | undefined>;
}

export async function createRemote(): Promise<Remote> {
  const directory = path.join(await freshDirectory(), "remote.git");
  await runGit(path.dirname(directory), ["init", "--quiet", "--bare", "--initial-branch=main", directory]);
  for (const setting of ["uploadpack.allowAnySHA1InWant", "http.receivepack"]) {
    await runGit(directory, ["config", setting, "true"]);
  }
  const git = (args: readonly string[], call?: GitCall) => runGit(directory, args, call);
  const setRef = async (ref: string, object: string) => {
    await git(["update-ref", ref, object]);
  };
  return {
    directory,
    url: pathToFileURL(directory).href,
    git,
    setRef,
    readRef: async (ref) => (await git(["for-each-ref", "--format=%(objectname)", ref])) || undefined,
    commit: async (input) => {
      const tree = await writeTree(directory, input.files ?? {});
      const parents = (input.parents ?? []).flatMap((parent) => ["-p", parent]);
      const commit = await git(["commit-tree", tree, ...parents], { input: input.message ?? "a commit\n" });
      for (const branch of input.branches ?? []) await setRef(`refs/heads/${branch}`, commit);
      return commit;
    },
  };
}

/** Makes the server run shell lines, say before it takes a push. */
export async function installHook(remote: Remote, name: string, lines: readonly string[]): Promise<void> {
  const hook = path.join(remote.directory, "hooks", name);
  await mkdir(path.dirname(hook), { recursive: true });
  await writeFile(hook, ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
}

/** Stores files as a tree; git itself refuses names that no index can hold. */
async function writeTree(directory: string, files: Readonly<Record<string, FileContent>>): Promise<string> {
  const environment = { GIT_INDEX_FILE: path.join(await freshDirectory(), "index") };
  const entries: string[] = [];
  for (const [name, file] of Object.entries(files)) {
    const { mode, content, id } = typeof file === "string" ? { mode: "100644", content: file } : file;
    const object =
      id ?? (await runGit(directory, ["hash-object", "-w", "--stdin"], { input: content ?? "" }));
    entries.push(`${mode} ${object}\t${name}\0`);
  }
  await runGit(directory, ["update-index", "-z", "--index-info"], { environment, input: entries.join("") });
  return await runGit(directory, ["write-tree"], { environment });
}
