import { createHash } from "node:crypto";
import type { GitHubClient } from "../../../adapters/github/client.ts";
import type { Signer } from "../../../adapters/signing/signer.ts";
import { goAheadId, rerunId } from "../../../promotion/check-name.ts";
import { defaultEnvironments } from "../../../promotion/environment.ts";
import type { ObjectId } from "../../../promotion/object-id.ts";
import type { DeploymentRecord } from "../../../promotion/record.ts";
import { parseTrailers } from "../../../promotion/trailers.ts";
import { runGit } from "../../support/git.ts";
import type { Login, World } from "../../support/waymark.ts";
import { type CommitInput, writeCommit } from "./commits.ts";
import { writeRecords } from "./history.ts";

/** A check run as people see it. */
export interface SeenCheck {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly externalId: string;
  readonly title: string;
  readonly summary: string;
}

export interface HistoryOptions {
  readonly environment?: string;
  /** What all of them say beside what every record says. */
  readonly record?: Partial<DeploymentRecord>;
  /** Waymark's own unless told. */
  readonly signer?: Signer;
}

export interface RerunOptions {
  readonly environment?: string;
  /** Waymark's own unless told. */
  readonly client?: GitHubClient;
}

/** A repository with Waymark installed on it, as seen from outside. */
export interface Shop {
  readonly world: World;
  readonly id: number;
  readonly fullName: string;
  readonly directory: string;
  readonly cloneUrl: string;
  readonly installationId: number;
  /** Writes a commit; branches move without an event. */
  commit(input?: CommitInput): Promise<ObjectId>;
  /** A commit on top of a branch, which moves there without an event. */
  advance(branch: string, input?: Omit<CommitInput, "parents" | "branches">): Promise<ObjectId>;
  /** As if these commits had been deployed (to dev) one after another: much faster than deploying them. */
  deployed(commits: readonly ObjectId[], options?: HistoryOptions): Promise<void>;
  git(...args: readonly string[]): Promise<string>;
  /** Points a ref (`deploy/dev/current`) at an object, or deletes it, without an event. */
  setTag(name: string, object: ObjectId | undefined): Promise<void>;
  /** Tags by short name (`deploy/dev/1`), with the tag object's own id. */
  tags(): Promise<ReadonlyMap<string, ObjectId>>;
  /** Trailers of the tag that a name or an object id leads to. */
  trailers(tag: string): Promise<ReadonlyMap<string, string>>;
  /** Newest first. */
  checks(commit: ObjectId, name?: string): Promise<readonly SeenCheck[]>;
  /** Moves `deploy/<environment>/current` as a person does, and waits until GitHub has logged it. */
  retag(login: Login, environment: string, object: ObjectId): Promise<void>;
  /** Writes down that somebody clicked Re-run, as the web process does: as a queued check run of the App. */
  queueRerun(login: string, commit: ObjectId, options?: RerunOptions): Promise<void>;
  /** The same for the button that lets an attempt go on. */
  queueGoAhead(login: string, word: { check: string; commit: ObjectId; owner: string }): Promise<void>;
  /** The states that the environment's newest Deployment of a commit went through, newest first. */
  deploymentStates(commit: ObjectId, environment: string): Promise<readonly string[]>;
  /** Deployments of a commit that are said to be still under way. */
  openDeployments(commit: ObjectId, environment: string): Promise<readonly number[]>;
}

let made = 0;

/** Makes a repository of its own for one test; no branch exists yet. */
export async function createShop(world: World): Promise<Shop> {
  made += 1;
  const name = `shop-${made}`;
  const fullName = `acme/${name}`;
  const repository = await world.github.createRepository(fullName, {
    branches: ["dev", "main", "prod"],
    collaborators: { alice: "maintain", bob: "write", mallory: "write" },
  });
  const { installationId } = world.github.install(world.app, "acme", [fullName], "alice");
  const directory = repository.bareDirectory;
  const git = (...args: readonly string[]) => runGit(directory, args);
  const address = { owner: "acme", repo: name };
  const statesOf = async (sha: ObjectId, environment: string) => {
    const { repos } = world.as.alice;
    const { data } = await repos.listDeployments({ ...address, sha, environment });
    const states = data.map(async ({ id }) => {
      const statuses = await repos.listDeploymentStatuses({ ...address, deployment_id: id });
      return { id, states: statuses.data.map(({ state }) => state) };
    });
    return await Promise.all(states);
  };
  return {
    world,
    id: repository.id,
    fullName,
    directory,
    cloneUrl: repository.cloneUrl,
    installationId,
    git,
    commit: (input = {}) => writeCommit(directory, input),
    advance: async (branch, input) => {
      const head = await git("for-each-ref", "--format=%(objectname)", `refs/heads/${branch}`);
      return await writeCommit(directory, {
        ...input,
        branches: [branch],
        parents: head === "" ? [] : [head],
      });
    },
    deployed: async (commits, { environment = "dev", signer = world.signer, record } = {}) => {
      const records = recordsOf(repository.id, environment, commits);
      await writeRecords(
        directory,
        signer,
        records.map((one) => ({ ...one, ...record })),
      );
    },
    setTag: async (tag, object) => {
      await git(
        "update-ref",
        ...(object === undefined ? ["-d"] : []),
        `refs/tags/${tag}`,
        ...(object ? [object] : []),
      );
    },
    tags: async () =>
      parseRefs(await git("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/tags")),
    trailers: async (tag) => readTrailers(await git("cat-file", "tag", tag)),
    checks: async (ref, check_name) => {
      const filter = { ...address, ref, filter: "all" as const, ...(check_name && { check_name }) };
      const { data } = await world.as.alice.checks.listForRef(filter);
      return data.check_runs.map(toSeen).sort((a, b) => b.id - a.id);
    },
    retag: async (login, environment, sha) => {
      const ref = `tags/deploy/${environment}/current`;
      await world.as[login].git.updateRef({ ...address, ref, sha, force: true });
      await world.github.idle();
    },
    queueRerun: async (by, head_sha, options = {}) => {
      const { environment = "dev", client = world.installationClient(installationId) } = options;
      made += 1;
      const external_id = rerunId({ by, delivery: `click-${made}` });
      const queued = { name: `deploy/${environment}`, head_sha, external_id, status: "queued" } as const;
      await client.checks.create({ ...address, ...queued });
    },
    queueGoAhead: async (by, { check, commit: head_sha, owner }) => {
      made += 1;
      const external_id = goAheadId({ by, delivery: `click-${made}`, owner });
      const queued = { name: check, head_sha, external_id, status: "queued" } as const;
      await world.installationClient(installationId).checks.create({ ...address, ...queued });
    },
    deploymentStates: async (sha, environment) => (await statesOf(sha, environment))[0]?.states ?? [],
    openDeployments: async (sha, environment) => {
      const all = await statesOf(sha, environment);
      return all.filter(({ states }) => states[0] === "in_progress").map(({ id }) => id);
    },
  };
}

function recordsOf(
  repository: number,
  environment: string,
  commits: readonly ObjectId[],
): readonly DeploymentRecord[] {
  const branch = environments.find(({ name }) => name === environment)?.branch ?? environment;
  return commits.map((commit, index) => ({
    repository,
    environment,
    number: index + 1,
    commit,
    branch,
    branchHead: commit,
    kind: "promotion",
    bundle: createHash("sha256").update(commit).digest("hex"),
  }));
}

function toSeen(run: {
  id: number;
  name: string;
  status: string;
  conclusion: string | null;
  external_id: string | null;
  output: { title: string | null; summary: string | null };
}): SeenCheck {
  const { id, name, status, conclusion, external_id, output } = run;
  const { title, summary } = output;
  return {
    id,
    name,
    status,
    conclusion,
    externalId: external_id ?? "",
    title: title ?? "",
    summary: summary ?? "",
  };
}

function parseRefs(output: string): ReadonlyMap<string, ObjectId> {
  const lines = output.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]));
}

/** Of a tag's text, whose signature stands behind the trailers. */
function readTrailers(text: string): ReadonlyMap<string, string> {
  const [unsigned = ""] = text.split("-----BEGIN SSH SIGNATURE-----");
  return parseTrailers(unsigned) ?? new Map();
}

/** dev, staging after dev, prod after staging. */
export const environments = defaultEnvironments;
