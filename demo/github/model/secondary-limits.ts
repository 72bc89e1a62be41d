/** From the first REST request of a caller that matches, all of them that match are refused for so long, once. */
export interface SecondaryLimit {
  readonly method?: string;
  /** Tested against the path and query. */
  readonly path?: RegExp;
  readonly seconds: number;
}

/** GitHub's secondary limits: nobody is told of them before, and they have nothing to do with the hourly ones. */
export interface SecondaryLimits {
  readonly add: (limit: SecondaryLimit) => void;
  readonly clear: () => void;
  /** How long this request has to wait, in whole seconds; undefined if it may go on. */
  readonly wait: (who: string, method: string, path: string) => number | undefined;
}

/** No limits yet. */
export function createSecondaryLimits(now: () => Date): SecondaryLimits {
  const limits = new Map<SecondaryLimit, Map<string, number>>();
  const secondsLeft = (ends: Map<string, number>, who: string, { seconds }: SecondaryLimit) => {
    const end = ends.get(who) ?? now().getTime() + seconds * 1000;
    ends.set(who, end);
    return Math.ceil((end - now().getTime()) / 1000);
  };
  return {
    add: (limit) => void limits.set(limit, new Map()),
    clear: () => limits.clear(),
    wait: (who, method, path) => {
      const waits = [...limits]
        .filter(([limit]) => matches(limit, method, path))
        .map(([limit, ends]) => secondsLeft(ends, who, limit));
      return waits.find((seconds) => seconds > 0);
    },
  };
}

function matches(limit: SecondaryLimit, method: string, path: string): boolean {
  return (limit.method ?? method) === method && (limit.path === undefined || path.search(limit.path) >= 0);
}
