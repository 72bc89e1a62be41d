import { expect } from "vitest";
import type { LocalGitHub } from "../../demo/github/local-github.ts";
import type { ApiRequest } from "../../demo/github/model/api-request.ts";
import { answerFaults } from "./check/answer.ts";
import { requestFaults } from "./check/request.ts";
import { webhookFaults } from "./check/webhook.ts";
import { findRoute } from "./description/routes.ts";
import { describedPath } from "./known-faults.ts";

/** What a GitHub was asked, answered and sent. */
export type Traffic = Pick<LocalGitHub, "requests" | "deliveries" | "idle">;

/**
 * Holds everything that a GitHub was asked, answered and sent so far against GitHub's own description. Also fails
 * when there was nothing to look at.
 */
export async function expectConformance(github: Traffic): Promise<void> {
  await github.idle();
  expect(github.requests.length).toBeGreaterThan(0);
  expect(github.deliveries.length).toBeGreaterThan(0);
  expect(trafficFaults(github)).toEqual([]);
}

/** Every fault once, with the first request or webhook that has it. */
export function trafficFaults({ requests, deliveries }: Omit<Traffic, "idle">): readonly string[] {
  const asked = requests.flatMap(exchangeFaults);
  const sent = deliveries.flatMap((delivery) =>
    webhookFaults(delivery).map((fault) => `webhook ${delivery.event}: ${fault}`),
  );
  return [...new Set([...asked, ...sent])];
}

function exchangeFaults(request: ApiRequest): readonly string[] {
  const { method, path, query, status, known } = request;
  if (!known) return [`this GitHub does not know ${method} ${path}`];
  const route = findRoute(method, describedPath(path));
  if (route === undefined) return [`GitHub has no ${method} ${path}${query && `?${query}`}`];
  return [...requestFaults(route, request), ...answerFaults(route, request)].map(
    (fault) => `${method} ${route.template} (${status}): ${fault}`,
  );
}
