import type { StateWatch } from "../../adapters/terraform/state-origin.ts";
import { bucketAt } from "./bucket.ts";
import type { RunContext } from "./stack-run.ts";

/**
 * A text that is another one once anybody has written a stack's state. Undefined: nobody can tell whether anybody has, or
 * there is no state.
 */
export type StateVersion = (stack: string) => Promise<string | undefined>;

/** A local state is written on this machine alone, and its workers tell each other by the notes they take away. */
const local = "local";

export function stateVersionsOf({ input, sessions }: Pick<RunContext, "input" | "sessions">): StateVersion {
  const { backend } = input.binding;
  if (backend.type === "local") return async () => local;
  const bucket = bucketAt(backend, sessions);
  return async (stack) =>
    await bucket?.use("plan", (objects) => objects.version(`${stack}.tfstate`)).catch(() => undefined);
}

/** Watches a stack's state in S3; undefined: it is elsewhere. */
export function stateWatchFor(
  stack: string,
  { input, sessions }: Pick<RunContext, "input" | "sessions">,
): StateWatch | undefined {
  const bucket = bucketAt(input.binding.backend, sessions);
  return (
    bucket && {
      attemptId: input.attemptId,
      version: async (keys) => {
        if (keys === "new") sessions?.renew();
        return (await bucket.use("plan", (objects) => objects.version(`${stack}.tfstate`))) ?? null;
      },
    }
  );
}
