import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { WaymarkError } from "../../promotion/failure.ts";
import type { HealthCheck } from "../../promotion/policy.ts";

const longestTry = 5000;
const firstPause = 200;
const longestPause = 2000;
const bodyLimit = 1024 * 1024;

/**
 * Asks a URL again and again until it is healthy. Errors: `unhealthy` (user) when the time is over, saying what it
 * answered last; the reason of an aborted signal.
 */
export async function waitForHealth(check: HealthCheck, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + check.within * 1000;
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    const trouble = await look(check, Math.max(1, Math.min(longestTry, deadline - Date.now())), signal);
    if (trouble === undefined) return;
    if (Date.now() + pause >= deadline) throw unhealthy(check, trouble);
    await delay(pause, undefined, { signal });
  }
}

/** Undefined when healthy, else what is wrong. Never shows the body: the URL may lead anywhere the worker can reach. */
async function look(check: HealthCheck, timeout: number, signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted();
  try {
    const { status, body } = await get(check.url, AbortSignal.any([signal, AbortSignal.timeout(timeout)]));
    if (status !== check.status) return `it answered with status ${status} instead of ${check.status}`;
    if (check.contains === undefined || body.includes(check.contains)) return undefined;
    return `its answer does not contain ${JSON.stringify(check.contains)}`;
  } catch (error) {
    signal.throwIfAborted();
    return `it did not answer (${errorCode(error)})`;
  }
}

/** One request on a connection of its own, so that no connection to an earlier version is used; follows no redirect. */
function get(url: string, signal: AbortSignal): Promise<{ status: number; body: string }> {
  const request = url.startsWith("https:") ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, signal, headers: { "user-agent": "waymark" } }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const finish = () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
        sent.destroy();
      };
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= bodyLimit) finish();
      });
      response.once("end", finish);
      response.once("error", reject);
    });
    sent.once("error", reject);
    sent.end();
  });
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  if (error.name === "AbortError" || error.name === "TimeoutError") return "it took too long";
  return "code" in error && typeof error.code === "string" ? error.code : error.message.slice(0, 200);
}

function unhealthy({ url, within }: HealthCheck, trouble: string): WaymarkError {
  return new WaymarkError({
    code: "unhealthy",
    source: "user",
    class: "code",
    message: `${url} was not healthy within ${within} seconds: ${trouble}.`,
    next: "Look at the service's own log. Then push a correction, or retag current to a commit that worked.",
  });
}
