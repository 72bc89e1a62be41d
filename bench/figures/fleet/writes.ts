import type { LocalGitHub } from "../../../demo/github/local-github.ts";

export interface WriteWatch {
  /** Stops watching; gives the most writes that any one installation made within a minute. */
  stop(): number;
}

const [second, minute] = [1000, 60_000];

/** Watches how often installations write, second by second. */
export function watchWrites({ requests }: Pick<LocalGitHub, "requests">): WriteWatch {
  const writes = new Map<string, number[]>();
  let seen = requests.length;
  const look = (): void => {
    const now = performance.now();
    for (const { method, who } of requests.slice(seen)) {
      if (method === "GET" || !who.startsWith("installation:")) continue;
      writes.set(who, [...(writes.get(who) ?? []), now]);
    }
    seen = requests.length;
  };
  const timer = setInterval(look, second);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return Math.max(0, ...[...writes.values()].map(mostWithinMinute));
    },
  };
}

/** Of ascending times in milliseconds: the most that lie within one minute. */
export function mostWithinMinute(times: readonly number[]): number {
  return Math.max(
    0,
    ...times.map((end, index) => times.slice(0, index + 1).filter((time) => time > end - minute).length),
  );
}
