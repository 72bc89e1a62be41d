import { nameOf } from "../auth/actor.ts";
import type { Call } from "../http/call.ts";
import type { Answer, Route } from "../http/router.ts";

/** How much of the caller's hour is left. Asking costs nothing. */
export const rateLimitRoutes: readonly Route[] = [
  { method: "GET", template: "/rate_limit", handle: getRateLimit },
];

function getRateLimit({ world, actor }: Call): Answer {
  const { limit, used, reset } = world.rateLimits.read(nameOf(actor));
  const rate = { limit, used, remaining: Math.max(0, limit - used), reset };
  const search = { limit: 30, used: 0, remaining: 30, reset };
  return { status: 200, body: { resources: { core: rate, search }, rate } };
}
