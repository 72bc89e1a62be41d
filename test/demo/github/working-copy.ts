import { execa } from "execa";
import { writeFiles } from "./files.ts";

/** Clones with a token in a header, and returns git in that directory. */
export async function workingCopy(directory: string, url: string, token: string) {
  const run = (...args: readonly string[]) => runGit(directory, token, args);
  await runGit(undefined, token, ["clone", "--quiet", url, directory]);
  return {
    directory,
    git: run,
    /** Commits files and returns the commit's SHA. */
    commit: async (files: Readonly<Record<string, string>>, message = "change") => {
      await writeFiles(directory, files);
      await run("add", "--all");
      await run("commit", "--quiet", "-m", message);
      return run("rev-parse", "HEAD");
    },
  };
}

/** Runs git as a person with a token and no configuration of their own. */
export async function runGit(
  directory: string | undefined,
  token: string,
  args: readonly string[],
): Promise<string> {
  const credentials = Buffer.from(`x-access-token:${token}`).toString("base64");
  const env = {
    PATH: process.env.PATH ?? "",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_COUNT: "3",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}`,
    GIT_CONFIG_KEY_1: "user.name",
    GIT_CONFIG_VALUE_1: "A Person",
    GIT_CONFIG_KEY_2: "user.email",
    GIT_CONFIG_VALUE_2: "person@example.com",
  };
  const place = directory === undefined ? {} : { cwd: directory };
  const { stdout } = await execa("git", args, { env, extendEnv: false, ...place });
  return stdout;
}
