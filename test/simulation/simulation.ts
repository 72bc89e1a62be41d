import type { Logger } from "../../adapters/log/logger.ts";
import { defaultEnvironments } from "../../promotion/environment.ts";
import { type Truth, type Truths, watchTruth } from "./invariants/truth.ts";
import { silentLog } from "./log.ts";
import { foundBranches } from "./people/branches.ts";
import { type Bug, bugs } from "./planted/bugs.ts";
import { createWorkerProcess, type Meddle, type WorkerProcess } from "./worker/worker.ts";
import { createWorld, type World } from "./world/world.ts";

export interface SimulationOptions {
  /** 1: dev; 2: and staging, after it. */
  readonly environments: number;
  readonly bug?: Bug | undefined;
  readonly tell?: ((line: string) => void) | undefined;
  readonly log?: Logger | undefined;
}

/** A world with Waymark at work in it. */
export interface Simulation {
  readonly world: World;
  readonly truths: Truths;
  readonly workers: WorkerProcess[];
  /** Workers that started and have not swept yet: the first sweep of each is a deep one. */
  readonly starting: Set<number>;
  readonly meddle: Meddle;
  readonly log: Logger;
  /** Somebody listens to the story. */
  readonly isTold: boolean;
}

export function createSimulation(options: SimulationOptions): Simulation {
  const environments = defaultEnvironments.slice(0, options.environments);
  const plant = options.bug && bugs[options.bug];
  const world = createWorld({
    environments,
    serialStays: plant?.serialStays ?? false,
    tell: options.tell ?? (() => undefined),
  });
  const truths = watchTruth(world);
  foundBranches(world);
  return {
    world,
    truths,
    workers: [createWorkerProcess(), createWorkerProcess()],
    starting: new Set([0, 1]),
    meddle: plant?.meddle ?? ((ports) => ports),
    log: options.log ?? silentLog,
    isTold: options.tell !== undefined,
  };
}

export function truthOf({ truths }: Pick<Simulation, "truths">, environment: string): Truth {
  const truth = truths.get(environment);
  if (!truth) throw new Error(`no environment ${environment}`);
  return truth;
}
