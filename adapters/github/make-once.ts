import { setTimeout } from "node:timers/promises";
import { RequestError } from "@octokit/request-error";

/** Takes a call out of the client's own repetition, which would do a second time what only lost its answer. */
export const unrepeated = { retries: 0 } as const;

const tries = 3;
/** Milliseconds before the second try; twice as many before the third. */
const pause = 1000;

/** Makes something at GitHub; before a failed try is repeated, looks whether it was made after all. Gives its id. */
export async function makeOnce(
  make: () => Promise<number>,
  find: () => Promise<number | undefined>,
): Promise<number> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await make();
    } catch (error) {
      if (tried === tries || !mayHaveWorked(error)) throw error;
    }
    await setTimeout(tried * pause);
    const made = await find();
    if (made !== undefined) return made;
  }
}

/** The client gives status 500 to a connection that broke, too. */
function mayHaveWorked(error: unknown): boolean {
  return error instanceof RequestError && error.status >= 500;
}
