/** One caller's hour: `used` of `limit` requests, until `reset` (seconds since 1970). */
export interface RateWindow {
  readonly limit: number;
  readonly used: number;
  readonly reset: number;
}

export interface RateLimits {
  /** The caller's window as it stands. */
  readonly read: (who: string) => RateWindow;
  /** Counts one request. */
  readonly count: (who: string) => void;
}

const hour = 3600;

/** Rate limits of `limit` requests an hour for each caller, 60 for an anonymous one. */
export function createRateLimits(now: () => Date, limit: number): RateLimits {
  const windows = new Map<string, RateWindow>();
  const read = (who: string): RateWindow => {
    const seconds = Math.floor(now().getTime() / 1000);
    const window = windows.get(who);
    if (window !== undefined && window.reset > seconds) return window;
    return { limit: who === "anonymous" ? 60 : limit, used: 0, reset: seconds + hour };
  };
  const count = (who: string) => {
    const window = read(who);
    windows.set(who, { ...window, used: window.used + 1 });
  };
  return { read, count };
}
