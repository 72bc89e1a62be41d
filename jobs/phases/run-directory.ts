import { mkdir, mkdtemp, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { removeTree } from "../../adapters/process/remove-tree.ts";
import { tidyEventLog } from "../../adapters/terraform/event-log.ts";
import { stepOf } from "../../adapters/terraform/step.ts";

/** Where the attempts of one environment keep their scratch space, processes and logs. */
export function runsDirectory(home: string, repositoryId: number, environment: string): string {
  return join(home, "runs", String(repositoryId), environment);
}

/** The run directory of an attempt: what `DeploymentInput.runDirectory` must be for its processes to be found again. */
export function runDirectory(
  home: string,
  repositoryId: number,
  environment: string,
  attemptId: string,
): string {
  return join(runsDirectory(home, repositoryId, environment), attemptId);
}

const tryPrefix = "try-";

/** A fresh directory for one run through the phases: an attempt may be taken up again. */
export async function makeTry(runDirectory: string): Promise<string> {
  await mkdir(runDirectory, { recursive: true, mode: 0o700 });
  return await mkdtemp(join(runDirectory, tryPrefix));
}

/**
 * Removes what a try needs no more once its processes have ended: saved plans and programs' output, which hold values in
 * the clear, providers and modules. What Terraform told stays, and so does the working copy: a service may run from it.
 */
export async function tidyTry(tryDirectory: string): Promise<void> {
  const stacks = await list(join(tryDirectory, "stacks"));
  const removed = [
    join(tryDirectory, "synth"),
    join(tryDirectory, "verify"),
    ...stacks.map((stack) => join(tryDirectory, "stacks", stack, "data")),
  ];
  await Promise.all(removed.map(removeTree));
  await Promise.all(stacks.map((stack) => tidyLogs(join(tryDirectory, "stacks", stack))));
}

/** Only in the directories of the steps' own processes: beside them is what the repository's code may fill. */
async function tidyLogs(stack: string): Promise<void> {
  const steps = (await list(stack)).filter((name) => stepOf(name) !== undefined);
  await Promise.all(steps.map((step) => tidyEventLog(join(stack, step, "stdout"))));
}

/** All tries of all attempts of an environment. */
export async function listTries(home: string, repositoryId: number, environment: string): Promise<string[]> {
  const runs = runsDirectory(home, repositoryId, environment);
  const attempts = await list(runs);
  return (await Promise.all(attempts.map((attempt) => triesIn(join(runs, attempt))))).flat();
}

/** The tries of one attempt; none if nothing of it is on this machine. */
export async function triesIn(runDirectory: string): Promise<string[]> {
  const names = (await list(runDirectory)).filter((name) => name.startsWith(tryPrefix));
  return names.map((name) => join(runDirectory, name));
}

/** How many attempts of an environment keep their logs and working copies on disk. */
const keptAttempts = 20;

/**
 * Removes what the oldest attempts left, seen from one that is going on. Only what has tries in it: whoever gave a run
 * directory beside anything else would lose that.
 */
export async function forgetOldAttempts(runDirectory: string): Promise<void> {
  const siblings = (await list(dirname(runDirectory))).map((name) => join(dirname(runDirectory), name));
  const attempts = await Promise.all(
    siblings.map(async (path) =>
      (await hasTries(path)) ? [{ path, time: (await stat(path)).mtimeMs }] : [],
    ),
  );
  const old = attempts
    .flat()
    .filter(({ path }) => path !== runDirectory)
    .sort((a, b) => b.time - a.time);
  const removed = old.slice(keptAttempts - 1);
  await Promise.all(removed.map(({ path }) => removeTree(path)));
}

async function hasTries(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => []);
  return names.some((name) => name.startsWith(tryPrefix));
}

/** The names in a directory; none if there is no such directory. */
export async function list(directory: string): Promise<string[]> {
  return await readdir(directory).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
}
