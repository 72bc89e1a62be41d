import type { GitHubClient } from "../adapters/github/client.ts";
import type { Logger } from "../adapters/log/logger.ts";
import type { Queues } from "./queues.ts";
import type { CheckBoard } from "./reports/check.ts";
import type { Session } from "./session.ts";
import type { DeploymentRunner } from "./verbs/deployment-runner.ts";

/** What a worker works with; made once at its start. */
export interface Services {
  readonly appId: number;
  /** Who GitHub says pushed what Waymark pushed. */
  readonly botLogin: string;
  /** Signed in as the App: reads the log of deliveries. */
  readonly app: GitHubClient;
  readonly queues: Queues;
  readonly runner: DeploymentRunner;
  /** What can be forgotten without harm. */
  readonly memory: Memory;
  /** Milliseconds since 1970. */
  now(): number;
  readonly log: Logger;
}

/** Saves work; a worker that lost it only asks again. */
export interface Memory {
  /** The number of the newest record last time (0: there was none); undefined: not known. */
  newest(session: MemoryKey, environment: string): number | undefined;
  rememberNewest(session: MemoryKey, environment: string, number: number): void;
  /** True when the commits that a delivery named were looked at and need no second look. */
  wasHandled(delivery: string): boolean;
  rememberHandled(delivery: string): void;
  /** True the first time something is said about an environment, until something else is. */
  isNews(session: MemoryKey, said: string): boolean;
}

type MemoryKey = Pick<Session, "target">;

/** One environment, and everything to work on it with. */
export interface Work {
  readonly session: Session;
  readonly services: Services;
  /** A deep look: at check runs and events, too. */
  readonly deep: boolean;
  readonly log: Logger;
}

export function boardOf({ session, services }: Pick<Work, "session" | "services">): CheckBoard {
  return { repository: session.github, appId: services.appId };
}

/** After a decision was carried out: look again, come to rest, or leave the rest to somebody else. */
export type Turn = "again" | "rest" | "leave";
