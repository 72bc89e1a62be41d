import { setTimeout as delay } from "node:timers/promises";
import { WaymarkError } from "../../promotion/failure.ts";
import type { HealthCheck } from "../../promotion/policy.ts";
import { probeHttp, probeTcp } from "./probes.ts";

const longestTry = 5000;
/** Also of the last try, though it may end a little late: a service is not unhealthy for want of a fair chance. */
const shortestTry = 1000;
const firstPause = 200;
const longestPause = 2000;

/**
 * Asks again and again until a check is healthy. Errors: `unhealthy` (user) when the time is over, saying what it
 * answered last; the reason of an aborted signal.
 */
export async function waitForHealth(check: HealthCheck, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + check.within * 1000;
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    const trouble = await look(
      check,
      Math.max(shortestTry, Math.min(longestTry, deadline - Date.now())),
      signal,
    );
    if (trouble === undefined) return;
    if (Date.now() + pause >= deadline) throw unhealthy(check, trouble);
    await delay(pause, undefined, { signal });
  }
}

/** Undefined when healthy, else what is wrong. */
async function look(check: HealthCheck, timeout: number, signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted();
  const patience = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  const trouble = await ("url" in check ? probeHttp(check, patience) : probeTcp(check, patience));
  signal.throwIfAborted();
  return trouble;
}

function unhealthy(check: HealthCheck, trouble: string): WaymarkError {
  const place = "url" in check ? check.url : `port ${check.tcp.port} of ${check.tcp.host}`;
  return new WaymarkError({
    code: "unhealthy",
    source: "user",
    class: "code",
    message: `${place} was not healthy within ${check.within} seconds: ${trouble}.`,
    next: "Look at the service's own log. Then push a correction, or retag current to a commit that worked.",
  });
}
