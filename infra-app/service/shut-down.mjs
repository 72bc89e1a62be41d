import { setTimeout as delay } from "node:timers/promises";

const longestAnswer = 5_000;
const longestStop = 10_000;
const accepted = 202;

/**
 * Asks the service on this address to stop, and waits until it has let go of its port. Whoever answers without
 * knowing the token is not our service: it is left alone. Throws if the service agreed but did not stop in time.
 */
export async function shutDown(service) {
  if ((await ask(service)) !== accepted) return;
  const deadline = Date.now() + longestStop;
  while ((await ask(service)) === accepted) {
    if (Date.now() > deadline)
      throw new Error(`The service on port ${service.SERVICE_PORT} did not stop in time.`);
    await delay(20);
  }
}

/** The status of the answer; undefined when nobody answers. */
async function ask({ SERVICE_HOST, SERVICE_PORT, SERVICE_TOKEN }) {
  try {
    const response = await fetch(`http://${SERVICE_HOST}:${SERVICE_PORT}/shutdown`, {
      method: "POST",
      headers: { "x-shutdown-token": SERVICE_TOKEN },
      signal: AbortSignal.timeout(longestAnswer),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}
