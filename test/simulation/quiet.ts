import { latestOf } from "./invariants/truth.ts";
import { Violation } from "./invariants/violation.ts";
import { perform } from "./perform.ts";
import type { Simulation } from "./simulation.ts";
import type { Step } from "./step.ts";

const maximumSweeps = 10;
/** More than any environment takes from one sweep to the next. */
const maximumSteps = 4000;
/** Seconds from one sweep to the next: longer than any author may stay unknown. */
const pause = 90;

/**
 * Nothing is asked any more and nothing fails: all that is under way ends, every webhook that can arrive does, and
 * sweeps follow until one of them changes nothing.
 */
export async function comeToRest(simulation: Simulation): Promise<void> {
  await drain(simulation);
  let unchanged = 0;
  for (let sweeps = 0; sweeps < maximumSweeps; sweeps += 1) {
    const before = fingerprint(simulation);
    await perform(simulation, { do: "wait", seconds: pause });
    for (const { name } of simulation.world.environments)
      await perform(simulation, { do: "ring", env: name });
    await perform(simulation, { do: "sweep", worker: 0 });
    await drain(simulation);
    unchanged = fingerprint(simulation) === before ? unchanged + 1 : 0;
    // The first may only have seen what it waits for until the second.
    if (unchanged === 2) return;
  }
  throw new Violation("comes to rest", `something still changes after ${maximumSweeps} sweeps`);
}

/** Seconds: every schedule names a time in it. */
export const night = 24 * 3600;

/** Lets time pass if any environment waits for that; false: none does. */
export async function passNight(simulation: Simulation): Promise<boolean> {
  const records = [...simulation.truths.values()].map((truth) => latestOf(truth)?.record);
  if (records.every((record) => record?.due === undefined && record?.postponed === undefined)) return false;
  return await perform(simulation, { do: "wait", seconds: night });
}

async function drain(simulation: Simulation): Promise<void> {
  for (let steps = 0; steps < maximumSteps; steps += 1) {
    const step = nextStep(simulation);
    if (!step) return;
    await perform(simulation, step);
  }
  throw new Violation("comes to rest", "the queue is never empty");
}

/** Whatever is due now; undefined: nothing is. */
function nextStep({ world, workers, starting }: Simulation): Step | undefined {
  for (const [worker, { runs }] of workers.entries()) {
    for (const [env, { parked }] of runs) {
      const nth = parked.findIndex((one) => one.isReady());
      if (nth >= 0) return { do: "go", worker, env, nth, fate: "well" };
    }
  }
  if (world.post.waiting().length > 0) return { do: "deliver", nth: 0, how: "well" };
  const [worker] = starting;
  if (worker !== undefined) return { do: "sweep", worker };
  for (const { name: env } of world.environments) {
    const slot = world.redis.slot(env);
    if (world.states.get(env)?.some(({ applying }) => applying?.isOrphan()))
      return { do: "outlive", env, well: true };
    if (slot.active && !workers.some(({ runs }) => runs.get(env) === slot.active))
      return { do: "stall", env };
    if (slot.waiting && !slot.active && !workers[0]?.runs.has(env)) return { do: "take", worker: 0, env };
  }
  return undefined;
}

/** All that people can see. */
function fingerprint({ world }: Simulation): string {
  return `${[...world.remote.refs].join(" ")} ${world.board.writes()}`;
}
