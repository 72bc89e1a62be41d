import type { Environment } from "../../../promotion/environment.ts";
import { type Board, createBoard } from "./board.ts";
import { createObjects, type Objects } from "./objects.ts";
import { createPost, type Delivery, type Post } from "./post.ts";
import { createRedis, type RedisModel } from "./redis.ts";
import { createRemote, type Push, type Remote } from "./remote.ts";
import { type Apply, createStates, type States } from "./terraform.ts";

/** Alice maintains the repository, bob and mallory may only write; bob is named in some policies. */
export const people = ["alice", "bob", "mallory"] as const;
export type Person = (typeof people)[number];

export const botLogin = "waymark[bot]";
export const repositoryId = 7;
export const installationId = 11;
export const appId = 99;

/** Everything outside of a worker's memory. */
export interface World {
  readonly environments: readonly Environment[];
  readonly objects: Objects;
  readonly remote: Remote;
  readonly board: Board;
  readonly post: Post;
  readonly redis: RedisModel;
  readonly states: ReadonlyMap<string, States>;
  /** A bug: an apply that changes nothing leaves older plans fresh. */
  readonly serialStays: boolean;
  readonly clock: Clock;
  readonly watchers: Watcher[];
  /** Lets all watchers hear of something. */
  watch(hear: (watcher: Watcher) => void): void;
  /** What the first watcher threw: the code that acts must not be the one to catch it. */
  readonly thrown: unknown[];
  /** Runs whose process is about to die of what it did. */
  readonly dying: Set<object>;
  tell(line: string): void;
}

export interface Clock {
  /** Since the world began. */
  seconds: number;
  /** Counts steps: tells what came first within a second. */
  ticks: number;
}

/** A re-run that somebody asked for, or the word that an attempt may go on. */
export interface Click {
  readonly environment: string;
  readonly commit: string;
  readonly by: Person;
  /** Of the attempt that is to go on, and the webhook that tells of the click. */
  readonly owner?: string;
  readonly delivery?: Delivery;
}

/** Hears of what happens, as it happens; what it throws ends the history. */
export interface Watcher {
  pushed?(push: Push): void;
  /** Something is planned for the attempt of this owner. */
  planBegins?(owner: string): void;
  applyBegins?(apply: Apply): void;
  /** A run read the refs. */
  refsRead?(run: object): void;
  /** A run read what webhooks told. */
  eventsRead?(run: object): void;
  /** Somebody asked for a re-run, or let an attempt go on. */
  clicked?(click: Click): void;
}

type WorldOptions = Pick<World, "environments" | "serialStays" | "tell">;

export function createWorld({ environments, serialStays, tell }: WorldOptions): World {
  const objects = createObjects();
  const post = createPost();
  const watchers: Watcher[] = [];
  const clock = { seconds: 0, ticks: 0 };
  const thrown: unknown[] = [];
  const watch: World["watch"] = (hear) => {
    try {
      for (const watcher of watchers) hear(watcher);
    } catch (error) {
      thrown.push(error);
    }
  };
  const remote = createRemote(objects, (push) => {
    watch((watcher) => watcher.pushed?.(push));
    for (const move of push.moves) post.send("push", pushPayload(push.by, clock.ticks, move));
  });
  return {
    environments,
    objects,
    remote,
    post,
    board: createBoard(),
    redis: createRedis(),
    serialStays,
    states: new Map(environments.map(({ name }) => [name, createStates()])),
    clock,
    watchers,
    watch,
    thrown,
    dying: new Set(),
    tell,
  };
}

const zero = "0".repeat(40);

/** Each step takes a second at least: within one, GitHub does not tell which push came first. */
function pushPayload(by: string, at: number, { ref, before, after }: Push["moves"][number]): unknown {
  return {
    ref,
    before: before ?? zero,
    after: after ?? zero,
    sender: { login: by },
    repository: { id: repositoryId, pushed_at: at },
    installation: { id: installationId },
  };
}

export function statesOf({ states }: World, environment: string): States {
  const found = states.get(environment);
  if (!found) throw new Error(`no environment ${environment}`);
  return found;
}
