import { dirname, join } from "node:path";
import { adoptDetached } from "../../adapters/process/detached/adopt.ts";
import type { Exit } from "../../adapters/process/detached/end.ts";
import type { Step } from "../../adapters/terraform/explain.ts";
import { keepLeftState } from "../../adapters/terraform/left-state.ts";
import { stepOf } from "../../adapters/terraform/step.ts";
import { doubtsFile, noteDoubts } from "./doubts.ts";
import { type Journal, readJournal, readPlace, writeJournal } from "./journal.ts";
import { list, listTries, tidyTry } from "./run-directory.ts";

/** A Terraform that an earlier worker started, now ended. */
export interface AdoptedStep {
  readonly attemptId: string;
  readonly stack: string;
  readonly step: Step;
  readonly exit: Exit;
}

/**
 * Waits until no Terraform is left of earlier runs for an environment, and tells how each ended. An apply is waited for
 * however long it takes; a plan changes nothing, so it is asked to stop. A state that an apply could not store is kept
 * for the next one, and what one that was killed may have created is noted. Must end before anything new is started
 * there. `mine`: the run directory of whoever asks.
 */
export async function adoptRunning(
  home: string,
  repositoryId: number,
  environment: string,
  mine?: string,
): Promise<AdoptedStep[]> {
  const tries = await listTries(home, repositoryId, environment);
  const others = tries.filter((directory) => dirname(directory) !== mine);
  const doubtsOf = (stack: string) => doubtsFile(home, repositoryId, environment, stack);
  return (await Promise.all(others.map((directory) => adoptTry(directory, doubtsOf)))).flat();
}

/** What earlier workers left to adopt: each try that they did not end, with the phase in which they died. */
export async function leftTries(home: string, repositoryId: number, environment: string): Promise<Journal[]> {
  const tries = await listTries(home, repositoryId, environment);
  const journals = await Promise.all(tries.map(readJournal));
  return journals.flatMap((journal) => (journal && !journal.settled ? [journal] : []));
}

type DoubtsOf = (stack: string) => string;

async function adoptTry(directory: string, doubtsOf: DoubtsOf): Promise<AdoptedStep[]> {
  const journal = await readJournal(directory);
  if (!journal || journal.settled) return [];
  const stacks = await list(join(directory, "stacks"));
  const adopted = await Promise.all(stacks.map((stack) => adoptStack(directory, stack, journal, doubtsOf)));
  await writeJournal(directory, { ...journal, settled: true });
  await tidyTry(directory);
  return adopted.flat();
}

async function adoptStack(
  directory: string,
  stack: string,
  { attemptId }: Journal,
  doubtsOf: DoubtsOf,
): Promise<AdoptedStep[]> {
  const place = join(directory, "stacks", stack);
  const adopted = (await list(place)).map(async (name) => {
    const step = stepOf(name);
    return step && { attemptId, stack, step, exit: await adoptStep(join(place, name), step) };
  });
  const steps = (await Promise.all(adopted)).filter((step) => step !== undefined);
  if (steps.some(isBadApply)) {
    await keepLeft(place);
    await noteDoubts(doubtsOf(stack), place);
  }
  return steps;
}

const isBadApply = ({ step, exit }: AdoptedStep): boolean =>
  step === "apply" && !(exit.kind === "exited" && exit.code === 0);

/** What is no state stays where it is: the app may have put it there, and must not hold up the next deployment. */
async function keepLeft(stackRun: string): Promise<void> {
  const place = await readPlace(stackRun);
  if (place) await keepLeftState(place).catch(() => false);
}

async function adoptStep(path: string, step: Step): Promise<Exit> {
  const adopted = await adoptDetached(path);
  if (step === "init" || step === "plan") await adopted.stop();
  return await adopted.exited;
}
