import Bottleneck from "bottleneck";

/** So many writes may follow each other at once; GitHub allows 80 a minute, and 15 more than 60 stay below that. */
export const burst = 15;

/** Milliseconds until one more may follow. */
export const interval = 1000;

/**
 * What an installation may write: a burst at once, then one write a second. A deployment's few words are told without
 * delay, and a fleet's many stay below GitHub's secondary limit. Kept per client id, by this process alone.
 */
export const writeBudget = new Bottleneck.Group({
  id: "waymark-write",
  maxConcurrent: 1,
  reservoir: burst,
  reservoirIncreaseAmount: 1,
  reservoirIncreaseInterval: interval,
  reservoirIncreaseMaximum: burst,
});
