import { frozenRef } from "../../promotion/ref.ts";
import { headOf, merge, promote, rewrite } from "./people/branches.ts";
import { clickGoOn, clickRerun } from "./people/clicks.ts";
import { movePointer } from "./people/pointer.ts";
import { tamper } from "./people/tamper.ts";
import { type Simulation, truthOf } from "./simulation.ts";
import type { Step } from "./step.ts";
import { describeStep } from "./story.ts";
import { finishApply } from "./worker/runner-port.ts";
import { sweepOnce } from "./worker/sweep.ts";
import { settle } from "./worker/thread.ts";
import { createWorkerProcess, startRun } from "./worker/worker.ts";
import { deliver } from "./world/web.ts";
import { statesOf } from "./world/world.ts";

/** Lets a step happen, and all code run on until it waits again. False: the step can't happen now. */
export async function perform(simulation: Simulation, step: Step): Promise<boolean> {
  simulation.world.clock.ticks += 1;
  const spoken = simulation.isTold ? describeStep(simulation, step) : "";
  const happened = await happen(simulation, step);
  if (happened) simulation.world.tell(spoken);
  if (happened) await settle();
  if (simulation.world.thrown.length > 0) throw simulation.world.thrown[0];
  return happened;
}

async function happen(simulation: Simulation, step: Step): Promise<boolean> {
  const { world } = simulation;
  switch (step.do) {
    case "merge":
      return merge(world, step.env, step.change);
    case "promote":
      return promote(world, step.env);
    case "rewrite":
      return rewrite(world, step.env, step.to);
    case "move":
      return movePointer(world, truthOf(simulation, step.env), step.by, step.to);
    case "tamper":
      return tamper(world, truthOf(simulation, step.env), step.how);
    case "freeze":
    case "thaw":
      return setFrozen(simulation, step.env, step.do === "freeze");
    case "rerun":
      return clickRerun(world, step.env, step.by, step.on);
    case "let-go-on":
      return clickGoOn(world, step.env, step.by, step.nth);
    case "wait":
      world.clock.seconds += step.seconds;
      return true;
    default:
      return await happenInside(simulation, step);
  }
}

type Inside = Exclude<
  Step,
  {
    do:
      | "merge"
      | "promote"
      | "rewrite"
      | "move"
      | "tamper"
      | "freeze"
      | "thaw"
      | "rerun"
      | "let-go-on"
      | "wait";
  }
>;

/** What happens to the service, not to what people do. */
async function happenInside(simulation: Simulation, step: Inside): Promise<boolean> {
  const { world } = simulation;
  switch (step.do) {
    case "deliver": {
      const delivery = world.post.waiting()[step.nth];
      if (delivery) await deliver(world, delivery, step.how);
      return delivery !== undefined;
    }
    case "deliver-again": {
      const delivery = world.post.all.filter(({ state }) => state === "delivered").at(-1 - step.nth);
      if (delivery) await deliver(world, delivery, "well");
      return delivery !== undefined;
    }
    case "take":
      return take(simulation, step.worker, step.env);
    case "go":
      return go(simulation, step);
    case "crash":
      return crash(simulation, step.worker);
    case "stall":
      if (!world.redis.slot(step.env).active) return false;
      world.redis.expire(step.env);
      return true;
    case "ring":
      return ring(simulation, step.env);
    case "outlive":
      return outlive(simulation, step.env, step.well);
    case "sweep":
      return await sweepAs(simulation, step.worker);
    case "wipe-redis":
      world.redis.wipe();
      return true;
  }
}

function setFrozen({ world }: Simulation, environment: string, frozen: boolean): boolean {
  const ref = frozenRef(environment);
  const target = frozen ? headOf(world, environment) : undefined;
  if (world.remote.refs.has(ref) === frozen || (frozen && target === undefined)) return false;
  world.remote.force(ref, target, "alice");
  return true;
}

function take({ world, workers, meddle, log }: Simulation, index: number, environment: string): boolean {
  const worker = workers[index];
  const slot = world.redis.slot(environment);
  if (!worker || worker.runs.has(environment) || !slot.waiting || slot.active) return false;
  startRun(world, worker, environment, meddle, log);
  return true;
}

function go(simulation: Simulation, { worker, env, nth, fate }: Extract<Step, { do: "go" }>): boolean {
  const thread = simulation.workers[worker]?.runs.get(env);
  const parked = thread?.parked[nth];
  if (!thread || !parked?.isReady() || !parked.fates.includes(fate)) return false;
  thread.pass(nth, fate);
  if (simulation.world.dying.delete(thread)) crash(simulation, worker);
  return true;
}

/** The process is gone, and a new one starts in its place. */
function crash({ workers, starting }: Simulation, index: number): boolean {
  const worker = workers[index];
  if (!worker || worker.runs.size === 0) return false;
  for (const thread of worker.runs.values()) thread.kill();
  workers[index] = createWorkerProcess();
  starting.add(index);
  return true;
}

function ring({ world }: Simulation, environment: string): boolean {
  const slot = world.redis.slot(environment);
  if (!slot.later) return false;
  slot.later = false;
  slot.deepMark = world.redis.newMark();
  world.redis.wake(environment);
  return true;
}

/** An apply ends whose worker is gone. */
function outlive({ world }: Simulation, environment: string, well: boolean): boolean {
  const state = statesOf(world, environment).find(({ applying }) => applying?.isOrphan());
  if (state) finishApply(world, state, well ? "well" : "half-way");
  return state !== undefined;
}

async function sweepAs({ world, workers, starting }: Simulation, index: number): Promise<boolean> {
  const worker = workers[index];
  if (!worker) return false;
  await sweepOnce(world, worker, starting.delete(index));
  return true;
}
