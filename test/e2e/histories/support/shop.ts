import type { LocalGitHub } from "../../../../demo/github/local-github.ts";
import { createRemote, type Remote } from "../../../support/git.ts";
import { applicationFiles, type VersionOptions } from "./application.ts";
import { lookAtRuns, type Runs } from "./runs.ts";
import { type Login, roles, type System } from "./system.ts";
import { createWitness, type Witness } from "./witness.ts";

/** One repository with Waymark installed on it: what people do there, and what they see. */
export interface Shop {
  readonly id: number;
  readonly fullName: string;
  readonly github: LocalGitHub;
  readonly witness: Witness;
  readonly runs: Runs;
  /** The repository on somebody's own machine. */
  readonly clone: Remote;
  /** A version of the application, on top of the branch or of the commit named. Not pushed. */
  commit(version: string, options?: VersionOptions & { readonly on?: string | undefined }): Promise<string>;
  /** Commits a version and brings it into `dev`, as bob; gives the commit. */
  merge(version: string, options?: VersionOptions): Promise<string>;
  /** Moves refs as a person does, all at once or none. */
  push(login: Login, ...refspecs: readonly string[]): Promise<void>;
  /** `deploy/dev/current` moved by force. */
  retag(login: Login, object: string): Promise<void>;
  /** `git ls-remote`, by full name. */
  refs(): Promise<ReadonlyMap<string, string>>;
  /** What GitHub told last about a tag (`deploy/dev/1`): costs nothing, so good for waiting. */
  told(tag: string): string | undefined;
  /** All check runs on all commits that were made here. */
  checks(): Promise<readonly SeenCheck[]>;
}

export interface SeenCheck {
  readonly id: number;
  readonly commit: string;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string | null;
}

/** Opens a repository in an organisation of its own: one installation's politeness holds no other up. */
export async function openShop(system: System, name: string): Promise<Shop> {
  const { github, app } = system;
  const fullName = `${name}/shop`;
  const { id, cloneUrl } = await github.createRepository(fullName, {
    branches: ["dev"],
    collaborators: roles,
  });
  const witness = createWitness(await system.registry.add({ id, fullName }));
  github.install(app, name, [fullName], "alice");
  const clone = await createRemote();
  const commits: string[] = [];
  const as = (login: Login) => ({ environment: credentials(login, system.tokens[login]) });
  const shop: Shop = {
    id,
    fullName,
    github,
    witness,
    runs: lookAtRuns(system.home, id),
    clone,
    commit: async (version, { on, ...options } = {}) => {
      const files = applicationFiles(witness, version, options);
      const parent = on ?? (await clone.readRef("refs/heads/dev"));
      const parents = parent === undefined ? [] : [parent];
      const made = await clone.commit({ files, parents, message: `${version}\n` });
      commits.push(made);
      return made;
    },
    merge: async (version, options) => {
      const made = await shop.commit(version, options);
      await clone.setRef("refs/heads/dev", made);
      await shop.push("bob", `${made}:refs/heads/dev`);
      return made;
    },
    push: async (login, ...refspecs) => {
      await clone.git(["push", "--quiet", "--atomic", cloneUrl, ...refspecs], as(login));
    },
    retag: (login, object) => shop.push(login, `+${object}:refs/tags/deploy/dev/current`),
    refs: async () => parseRefs(await clone.git(["ls-remote", cloneUrl], as("alice"))),
    told: (tag) => toldRef(github, id, `refs/tags/${tag}`),
    checks: async () => (await Promise.all(commits.map((ref) => listChecks(system, name, ref)))).flat(),
  };
  return shop;
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

const nothing = "0".repeat(40);

/** What is delivered once more tells of the past. */
function toldRef({ deliveries }: LocalGitHub, repositoryId: number, ref: string): string | undefined {
  const pushes = deliveries.filter((one) => one.event === "push" && one.repositoryId === repositoryId);
  const push = pushes.findLast((one) => !one.redelivery && one.request.payload.ref === ref);
  const after = push?.request.payload.after;
  return typeof after === "string" && after !== nothing ? after : undefined;
}

async function listChecks({ rest }: System, owner: string, ref: string): Promise<readonly SeenCheck[]> {
  const filter = { owner, repo: "shop", ref, filter: "all", per_page: 100 } as const;
  const { data } = await rest.checks.listForRef(filter);
  return data.check_runs.map(({ id, name, status, conclusion, output }) => ({
    id,
    commit: ref,
    name,
    status,
    conclusion,
    title: output.title,
  }));
}
