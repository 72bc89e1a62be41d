import type { Logger } from "../../adapters/log/logger.ts";
import type { Registry } from "../../adapters/registry/schema.ts";
import type { Queues } from "../../jobs/queues.ts";

/** A check run to write down as queued, because somebody asked for it by a click. */
export interface QueuedCheck {
  readonly installationId: number;
  readonly owner: string;
  readonly repo: string;
  readonly name: string;
  readonly commit: string;
  readonly externalId: string;
  readonly title: string;
  readonly summary: string;
}

/** What an event handler may use. It decides whom to wake, and does no work itself. */
export interface Handling {
  readonly queues: Pick<Queues, "wake" | "noteEvent" | "events">;
  registry(): Promise<Registry>;
  /** The number of our own App: only its check runs count. */
  readonly appId: number;
  /** Is this login the App's own bot? */
  isSelf(login: string): Promise<boolean>;
  queueCheck(check: QueuedCheck): Promise<void>;
  readonly log: Logger;
}

/** What came in: the delivery's GUID and its payload, signed by GitHub but of no proven shape. */
export interface Delivery {
  readonly id: string;
  readonly payload: unknown;
}

export type EventHandler = (delivery: Delivery, handling: Handling) => Promise<void>;
