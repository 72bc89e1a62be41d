import { createGenerator } from "./generate.ts";
import { watchPromises } from "./invariants/invariants.ts";
import { Violation } from "./invariants/violation.ts";
import { perform } from "./perform.ts";
import { comeToRest, passNight } from "./quiet.ts";
import { createRandom } from "./random.ts";
import { createSimulation, type Simulation, type SimulationOptions } from "./simulation.ts";
import type { History, Step } from "./step.ts";

/** How a history went. */
export interface Outcome {
  readonly history: History;
  /** Undefined: every promise was kept. */
  readonly violation: Violation | undefined;
}

type Extras = Omit<SimulationOptions, "environments">;

/** A history made up from a seed. */
export async function playSeed(seed: number, extras: Extras = {}): Promise<Outcome> {
  const random = createRandom(seed);
  const environments = random.chance(0.6) ? 1 : 2;
  const simulation = createSimulation({ ...extras, environments });
  const generator = createGenerator(random, simulation);
  const steps: Step[] = [];
  const violation = await untilViolated(simulation, async () => {
    while (steps.length < generator.length) {
      const step = generator.next();
      if (!step) return;
      steps.push(step);
      await perform(simulation, step);
    }
  });
  return { history: { environments, steps }, violation };
}

/** The very same history again. */
export async function playHistory(history: History, extras: Extras = {}): Promise<Outcome> {
  const simulation = createSimulation({ ...extras, environments: history.environments });
  const violation = await untilViolated(simulation, async () => {
    for (const step of history.steps) await perform(simulation, step);
  });
  return { history, violation };
}

async function untilViolated(
  simulation: Simulation,
  play: () => Promise<void>,
): Promise<Violation | undefined> {
  const promises = watchPromises(simulation);
  try {
    await play();
    await comeToRest(simulation);
    promises.whenQuiet();
    if (await passNight(simulation)) await comeToRest(simulation);
    promises.whenQuiet();
    return undefined;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  } finally {
    for (const { runs } of simulation.workers) for (const thread of runs.values()) thread.kill();
  }
}
