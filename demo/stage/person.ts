import { Octokit } from "@octokit/rest";
import { execa } from "execa";
import type { User } from "../github/owner/accounts.ts";

/** Somebody with an account, a clone and a browser. */
export interface Person {
  readonly login: string;
  readonly rest: Octokit;
  /** The directory of their clone. */
  readonly clone: string;
  /** Runs git in their clone, with their credentials; gives what it printed. */
  git(...args: readonly string[]): Promise<string>;
}

/** Clones a repository for a person. */
export async function createPerson(
  user: User,
  clone: { readonly url: string; readonly directory: string; readonly apiUrl: string },
): Promise<Person> {
  const credentials = Buffer.from(`${user.login}:${user.token}`).toString("base64");
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: clone.directory,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_COUNT: "3",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}`,
    GIT_CONFIG_KEY_1: "user.name",
    GIT_CONFIG_VALUE_1: user.login,
    GIT_CONFIG_KEY_2: "user.email",
    GIT_CONFIG_VALUE_2: user.email,
  };
  await execa("git", ["clone", "--quiet", clone.url, clone.directory], { env, extendEnv: false });
  return {
    login: user.login,
    clone: clone.directory,
    rest: new Octokit({ auth: user.token, baseUrl: clone.apiUrl }),
    git: async (...args) => {
      const { stdout } = await execa("git", args, { cwd: clone.directory, env, extendEnv: false });
      return stdout;
    },
  };
}
