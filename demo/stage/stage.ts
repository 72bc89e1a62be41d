import path from "node:path";
import type { Aws } from "../aws/open.ts";
import { type LocalGitHub, startLocalGitHub } from "../github/local-github.ts";
import type { RegisteredApp } from "../github/owner/apps.ts";
import type { CreatedRepository } from "../github/owner/repositories.ts";
import { endLeftovers } from "./leftovers.ts";
import { createLook, type Look } from "./look.ts";
import { createPerson, type Person } from "./person.ts";
import { registerWaymark } from "./registration.ts";
import { type Ports, writeSeed } from "./shop-source.ts";
import { createWaymark, type Waymark } from "./waymark.ts";

/** Everything the tour plays on: a GitHub, a repository, people, and Waymark's own processes. */
export interface Stage extends Waymark {
  readonly directory: string;
  readonly github: LocalGitHub;
  readonly app: RegisteredApp;
  readonly repository: CreatedRepository;
  readonly ports: Ports;
  readonly people: { readonly alice: Person; readonly bob: Person; readonly mallory: Person };
  readonly look: Look;
  readonly webUrl: string;
  /** Undefined: states and bundles are on this machine. */
  readonly aws: Aws | undefined;
}

export interface StageOptions {
  /** Keep states, bundles and the registry in an AWS of the stage's own. */
  readonly aws?: boolean;
  /** How often the worker sweeps, in seconds. */
  readonly sweepSeconds?: number;
  /** Requests per hour of each caller of the local GitHub; as many as the real one allows unless told. */
  readonly rateLimit?: number;
  /** What Waymark's processes find in their environment beside their own settings. */
  readonly surroundings?: Readonly<Record<string, string>>;
}

export async function createStage(directory: string, options: StageOptions = {}): Promise<Stage> {
  const { aws: onAws = false, sweepSeconds = 5, surroundings, ...limits } = options;
  await endLeftovers(directory);
  const github = await startLocalGitHub({ directory: path.join(directory, "github"), ...limits });
  const source = path.join(directory, "seed");
  const ports = await writeSeed(source);
  const users = {
    alice: github.createUser("alice"),
    bob: github.createUser("bob"),
    mallory: github.createUser("mallory"),
  };
  const repository = await github.createRepository("acme/shop", {
    from: source,
    branches: ["dev", "main", "prod"],
    collaborators: { alice: "maintain", bob: "write", mallory: "write" },
  });
  const { app, webUrl, environment } = await registerWaymark(github);
  const person = (user: (typeof users)["alice"]): Promise<Person> =>
    createPerson(user, {
      url: repository.cloneUrl,
      directory: path.join(directory, "clones", user.login),
      apiUrl: github.apiUrl,
    });
  const people = {
    alice: await person(users.alice),
    bob: await person(users.bob),
    mallory: await person(users.mallory),
  };
  // AWS's clients are loaded for who uses them.
  const aws = onAws ? await (await import("../aws/open.ts")).openAws(directory) : undefined;
  const waymark = createWaymark(directory, {
    ...surroundings,
    ...(aws && { ...aws.service, WAYMARK_REGISTRY: aws.registry }),
    ...environment,
    WAYMARK_HOME: path.join(directory, "home"),
    WAYMARK_SWEEP_SECONDS: String(sweepSeconds),
  });
  const look = createLook(repository.cloneUrl, people.alice);
  return {
    directory,
    github,
    app,
    repository,
    ports,
    people,
    look,
    webUrl,
    aws,
    ...waymark,
    close: async () => {
      await waymark.close();
      await github.close();
    },
  };
}
