import { setTimeout } from "node:timers/promises";
import Bottleneck from "bottleneck";
import type { Logger } from "pino";
import type { TakeToken } from "../redis/token-bucket.ts";

/** An installation's client id: what is limited is limited for each of them. */
export const installationClientId = (installationId: number): string => `installation-${installationId}`;

/** What the clients of one id may write, in all processes together. */
export interface SharedBudget {
  /** Resolves when it is this write's turn. */
  turn(id: string): Promise<void>;
  /** Counts a write that can't wait for its turn: others wait for it. */
  count(id: string): void;
}

/**
 * A process asks for one write of a client id after another, so that no process can take the budget far ahead. While
 * Redis is away nothing waits for it: then each process keeps to a budget of its own.
 */
export function sharedBudget(take: TakeToken, log: Logger): SharedBudget {
  const queues = new Bottleneck.Group({ id: "waymark-shared-write", maxConcurrent: 1 });
  const ask = async (id: string): Promise<number> => {
    try {
      return await take(id);
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      log.warn({ client: id, reason }, "Redis does not tell what others write, going by our own writes");
      return 0;
    }
  };
  return {
    turn: async (id) => {
      await queues.key(id).schedule(async () => {
        const wait = await ask(id);
        if (wait > 0) await setTimeout(wait);
      });
    },
    count: (id) => void ask(id),
  };
}
