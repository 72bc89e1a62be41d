import type { DeploymentIo } from "./deployment.ts";

/** The caller's fence as the stacks of one deployment share it. */
export interface SharedFence {
  /** Looks after the call, never before. What it threw once it throws for ever: nothing more may be applied. */
  pass(): Promise<void>;
  /** Whether this is what the fence threw. */
  refused(error: unknown): boolean;
}

/** Stacks that reach the fence while somebody waits for a look join in, and all are answered by one. */
export function shareFence({ fence }: Pick<DeploymentIo, "fence">): SharedFence {
  const closed: unknown[] = [];
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  const look = async () => {
    next = undefined;
    if (closed.length > 0) throw closed[0];
    try {
      await fence();
    } catch (error) {
      closed.push(error);
      throw error;
    }
  };
  return {
    refused: (error) => closed.includes(error),
    pass: () => {
      next ??= last = last.then(look, look);
      return next;
    },
  };
}
