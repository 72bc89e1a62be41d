import { dirname, join } from "node:path";
import type { Sandbox } from "../../adapters/sandbox/sandbox.ts";
import type { LockName } from "../../adapters/terraform/workspace.ts";
import type { DeploymentInput } from "./deployment.ts";
import { readJournal } from "./journal.ts";
import { triesIn } from "./run-directory.ts";

/**
 * The name of an attempt's locks, by which later attempts on this machine know them for its own. The kernel frees those
 * on files; without a sandbox a lock names the machine, and so anybody on it. To be asked about a stack's lock only when
 * none of the stack's own steps runs. `tryDirectory`: of whoever asks.
 */
export function lockNameFor(
  { attemptId, binding, runDirectory }: DeploymentInput,
  tryDirectory: string,
  { kind }: Pick<Sandbox, "kind">,
): LockName | undefined {
  if (binding.backend.type === "local" || kind === "none") return undefined;
  return {
    host: `waymark-${attemptId}`,
    isOver: async (who) => {
      const [, holder] = /@waymark-([0-9a-f-]+)$/.exec(who) ?? [];
      return holder !== undefined && (await hasEnded(join(dirname(runDirectory), holder), tryDirectory));
    },
  };
}

/** Whether an attempt ran on this machine, and every process of its tries is known to have ended. */
async function hasEnded(attempt: string, asking: string): Promise<boolean> {
  const tries = await triesIn(attempt);
  const journals = await Promise.all(tries.filter((one) => one !== asking).map(readJournal));
  return tries.length > 0 && journals.every((journal) => journal === undefined || journal.settled);
}
