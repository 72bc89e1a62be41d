import { until as untilPatiently } from "../../../../demo/stage/wait.ts";

/** Longer than anything here takes on a busy machine, and less than what a test may take in all. */
const seconds = 200;

/** Waits for something to see, looking every `interval` milliseconds. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  interval = 50,
): Promise<T> {
  return await untilPatiently(what, look, { seconds, interval });
}
