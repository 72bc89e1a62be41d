import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import Bottleneck from "bottleneck";

export interface PlanGateOptions {
  /** How many plans may be in their beginning at once. */
  readonly places: number;
  /** Milliseconds after which a plan is no longer in its beginning. */
  readonly patience: number;
}

/** Makes a plan as soon as it may begin. Gives what comes of it. */
export type PlanGate = <Result>(plan: () => Promise<Result>) => Promise<Result>;

/**
 * Lets plans begin one after the other. Until it asks its providers, a plan needs nothing but the processor: many that
 * begin at once are all over late, and all their applies begin together again. One that takes longer waits for somebody
 * else, and makes room.
 */
export function createPlanGate({ places, patience }: PlanGateOptions): PlanGate {
  const beginnings = new Bottleneck({ maxConcurrent: places });
  return async (plan) => {
    const { planned } = await beginnings.schedule(async () => {
      const begun = plan();
      await Promise.race([begun.catch(() => undefined), delay(patience, undefined, { ref: false })]);
      return { planned: begun };
    });
    return await planned;
  };
}

/** Of this process: all its deployments share the machine. */
export const planGate = createPlanGate({ places: availableParallelism(), patience: 500 });
