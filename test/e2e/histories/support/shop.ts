import type { LocalGitHub } from "../../../../demo/github/local-github.ts";
import { createRemote, type Remote } from "../../../support/git.ts";
import { applicationFiles, type VersionOptions } from "./application.ts";
import { listChecks, type SeenCheck } from "./checks.ts";
import { type News, readNews } from "./news.ts";
import { lookAtRuns, type Runs } from "./runs.ts";
import { type Login, roles, type System } from "./system.ts";
import { createWitness, type Witness } from "./witness.ts";

/** One repository with Waymark installed on it: what people do there, and what they see. */
export interface Shop extends People, News {
  readonly id: number;
  readonly fullName: string;
  readonly github: LocalGitHub;
  readonly witness: Witness;
  readonly runs: Runs;
  /** How its history ended, newest last: it may go on after an end. */
  readonly endings: Ending[];
  /** All check runs on all commits that were made here. */
  checks(): Promise<readonly SeenCheck[]>;
}

/** How a history shall end. */
export interface Ending {
  /** The number of the latest record. */
  readonly record: number;
  readonly commit: string;
  /** Everything that was applied, oldest first: `<stack> <version>`. */
  readonly applied: readonly string[];
}

/** What people do with git. */
interface People {
  /** The repository on somebody's own machine. */
  readonly clone: Remote;
  /** A version of the application on top of the branch. Not pushed. */
  commit(version: string, options?: VersionOptions): Promise<string>;
  /** Commits a version and brings it into `dev`, as bob; gives the commit. */
  merge(version: string, options?: VersionOptions): Promise<string>;
  /** Moves refs, all at once or none. */
  push(login: Login, ...refspecs: readonly string[]): Promise<void>;
  /** Moves `deploy/dev/current` by force. */
  retag(login: Login, object: string): Promise<void>;
  /** `git ls-remote`, by full name. */
  refs(): Promise<ReadonlyMap<string, string>>;
}

/** Opens a repository in an organisation of its own: one installation's politeness holds no other up. */
export async function openShop(system: System, name: string): Promise<Shop> {
  const { github, app, rest, tokens } = system;
  const fullName = `${name}/shop`;
  const settings = { branches: ["dev"], collaborators: roles };
  const { id, cloneUrl } = await github.createRepository(fullName, settings);
  const witness = createWitness(await system.registry.add({ id, fullName }));
  github.install(app, name, [fullName], "alice");
  const commits: string[] = [];
  const people = createPeople(await createRemote(), { cloneUrl, tokens, witness, commits });
  return {
    ...people,
    ...readNews(github, id),
    id,
    fullName,
    github,
    witness,
    endings: [],
    runs: lookAtRuns(system.home, id),
    checks: async () => (await Promise.all(commits.map((ref) => listChecks(rest, name, ref)))).flat(),
  };
}

interface Town extends Pick<System, "tokens"> {
  readonly cloneUrl: string;
  readonly witness: Witness;
  /** Where every commit is written down. */
  readonly commits: string[];
}

function createPeople(clone: Remote, { cloneUrl, tokens, witness, commits }: Town): People {
  const as = (login: Login) => ({ environment: credentials(login, tokens[login]) });
  const people: People = {
    clone,
    commit: async (version, options = {}) => {
      const files = applicationFiles(witness, version, options);
      const head = await clone.readRef("refs/heads/dev");
      const parents = head === undefined ? [] : [head];
      const made = await clone.commit({ files, parents, message: `${version}\n` });
      commits.push(made);
      return made;
    },
    merge: async (version, options) => {
      const made = await people.commit(version, options);
      await clone.setRef("refs/heads/dev", made);
      await people.push("bob", `${made}:refs/heads/dev`);
      return made;
    },
    push: async (login, ...refspecs) => {
      await clone.git(["push", "--quiet", "--atomic", cloneUrl, ...refspecs], as(login));
    },
    retag: (login, object) => people.push(login, `+${object}:refs/tags/deploy/dev/current`),
    refs: async () => parseRefs(await clone.git(["ls-remote", cloneUrl], as("alice"))),
  };
  return people;
}

function credentials(login: string, token: string): Readonly<Record<string, string>> {
  const basic = Buffer.from(`${login}:${token}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}

function parseRefs(output: string): ReadonlyMap<string, string> {
  const lines = output.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [object = "", ref = ""] = line.split("\t");
      return [ref, object];
    }),
  );
}
