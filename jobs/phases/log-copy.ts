import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { logsPrefix } from "../../adapters/aws/log-keys.ts";
import { sideBySide } from "../../adapters/aws/side-by-side.ts";
import { readPlainLog } from "../../adapters/terraform/plain-log.ts";
import { stepOf } from "../../adapters/terraform/step.ts";
import { toFailure } from "../../promotion/failure.ts";
import { bucketOf } from "./bucket.ts";
import type { DeploymentInput, DeploymentIo, DeploymentOutcome } from "./deployment.ts";
import { list } from "./run-directory.ts";
import type { OpenSessions } from "./sessions.ts";

interface LogContext extends OpenSessions {
  readonly input: DeploymentInput;
  readonly io: Pick<DeploymentIo, "log">;
  /** Undefined: it was given up, because the world has moved on. */
  readonly outcome: DeploymentOutcome | undefined;
}

interface Log {
  /** Below the attempt's prefix. */
  readonly name: string;
  read(): Promise<string>;
}

/**
 * Copies what a try told to the environment's bucket, once it is tidied: `<stack>/<step>.jsonl`, `synth.log`, and
 * `outcome.json`. A try in which Terraform never ran leaves nothing there: its attempt may not even be in the journal. Never rejects.
 */
export async function copyLogs(
  tryDirectory: string,
  { input, io, outcome, sessions, redact }: LogContext,
): Promise<void> {
  const bucket = bucketOf(input, sessions);
  if (bucket === undefined) return;
  try {
    const logs = await logsIn(tryDirectory);
    if (logs.length === 0) return;
    await bucket.use("artifacts", (objects) =>
      sideBySide([...logs, synthLog(tryDirectory), outcomeLog(input, outcome)], async ({ name, read }) => {
        const text = redact(await read());
        if (text !== "") await objects.put(`${logsPrefix(input.attemptId)}${name}`, Buffer.from(text));
      }),
    );
  } catch (error) {
    io.log.warn({ reason: redact(toFailure(error).message) }, "the logs could not be copied");
  }
}

/** What each step told. */
async function logsIn(tryDirectory: string): Promise<Log[]> {
  const stacks = await list(join(tryDirectory, "stacks"));
  const logs = await Promise.all(
    stacks.map(async (stack) => {
      const run = join(tryDirectory, "stacks", stack);
      const steps = (await list(run)).filter((name) => stepOf(name) !== undefined);
      return steps.map((step) => ({
        name: `${stack}/${step}.jsonl`,
        read: () => readPlainLog(join(run, step, "stdout")),
      }));
    }),
  );
  return logs.flat();
}

/** There is none where nothing was synthesized. */
const synthLog = (tryDirectory: string): Log => ({
  name: "synth.log",
  read: () => readFile(join(tryDirectory, "synth.log"), "utf8").catch(() => ""),
});

/** How it ended, and why: what the events leave out. Outputs may hold anything, so that they stay away. */
const outcomeLog = (
  { environment, commit }: DeploymentInput,
  outcome: DeploymentOutcome | undefined,
): Log => ({
  name: "outcome.json",
  read: async () => {
    const stacks = outcome?.stacks.map(({ outputs: _, ...report }) => report);
    return `${JSON.stringify({ environment, commit, kind: "given-up", ...outcome, stacks }, null, 1)}\n`;
  },
});
