import { offersOn } from "./people/clicks.ts";
import { night } from "./quiet.ts";
import type { Random } from "./random.ts";
import type { Simulation } from "./simulation.ts";
import { changes, destinations, type Passage, type Step, tamperings } from "./step.ts";
import type { Fate } from "./worker/thread.ts";
import { people } from "./world/world.ts";

/** Which things happen in a history, and how often: each history has a character of its own. */
export interface Character {
  readonly length: number;
  /** How often something other than work as usual happens. */
  readonly restlessness: number;
  readonly events: readonly (readonly [number, EventKind])[];
}

const eventKinds = [
  "merge",
  "odd-merge",
  "provisioning",
  "risky-merge",
  "promote",
  "rewrite",
  "move",
  "tamper",
  "freeze",
  "thaw",
  "rerun",
  "let-go-on",
  "crash",
  "sleep",
  "stall",
  "lapse",
  "wipe",
  "wait",
  "night",
  "network",
  "break",
  "post",
  "sweep",
] as const;
type EventKind = (typeof eventKinds)[number];

/** How often each happens beside the others, where it happens at all. */
const usual: Readonly<Record<EventKind, number>> = {
  merge: 4,
  "odd-merge": 2,
  provisioning: 2,
  "risky-merge": 3,
  promote: 3,
  rewrite: 1,
  move: 5,
  tamper: 3,
  freeze: 1,
  thaw: 1,
  rerun: 2,
  "let-go-on": 6,
  crash: 2,
  sleep: 3,
  stall: 3,
  lapse: 3,
  wipe: 1,
  wait: 1,
  night: 1,
  network: 3,
  break: 3,
  post: 3,
  sweep: 1,
};

export function createCharacter(random: Random): Character {
  const events = eventKinds.map((kind) => [isIn(random, kind) ? usual[kind] : 0, kind] as const);
  return { length: 20 + random.below(120), restlessness: 0.05 + random.below(20) / 100, events };
}

/** Without merges nothing happens at all. */
function isIn(random: Random, kind: EventKind): boolean {
  return random.chance(0.5) || kind === "merge";
}

/** Chooses what happens next. Runs fall asleep for a while, as if their machine had been suspended. */
export function createGenerator(random: Random, simulation: Simulation) {
  const character = createCharacter(random);
  const asleep = new Map<string, number>();
  let chosen = 0;
  return {
    length: character.length,
    next: (): Step | undefined => {
      chosen += 1;
      for (const [key, until] of asleep) if (until < chosen) asleep.delete(key);
      const restless = chosen === 1 || random.chance(character.restlessness);
      const kind = restless ? random.weighted(character.events) : undefined;
      if (kind === "sleep") fallAsleep(random, simulation, asleep, chosen);
      const lapsed = kind === "lapse" ? lapse(random, simulation, asleep, chosen) : undefined;
      if (lapsed !== undefined) return { do: "stall", env: lapsed };
      const step = kind && eventStep(random, simulation, kind, asleep);
      return step ?? usualStep(random, simulation, asleep);
    },
  };
}

const keyOf = (worker: number, env: string): string => `${worker} ${env}`;

function fallAsleep(random: Random, simulation: Simulation, asleep: Map<string, number>, now: number): void {
  const run = random.pick(runsOf(simulation));
  if (run) asleep.set(keyOf(run.worker, run.env), now + 10 + random.below(80));
}

/** The worst moment to be suspended: behind the fence, and before the apply. Gives the environment. */
function lapse(
  random: Random,
  simulation: Simulation,
  asleep: Map<string, number>,
  now: number,
): string | undefined {
  const run = random.pick(runsOf(simulation).filter((one) => isBehindFence(simulation, one)));
  if (run) asleep.set(keyOf(run.worker, run.env), now + 40 + random.below(80));
  return run?.env;
}

function isBehindFence({ workers }: Simulation, { worker, env }: { worker: number; env: string }): boolean {
  const parked = workers[worker]?.runs.get(env)?.parked ?? [];
  return parked.some(({ what }) => what.startsWith("starts to apply"));
}

function runsOf({ workers }: Simulation): { worker: number; env: string }[] {
  return workers.flatMap(({ runs }, worker) => [...runs.keys()].map((env) => ({ worker, env })));
}

function envOf(random: Random, { world }: Simulation): string {
  return random.pick(world.environments)?.name ?? "";
}

function eventStep(
  random: Random,
  simulation: Simulation,
  kind: EventKind,
  asleep: ReadonlyMap<string, number>,
): Step | undefined {
  const env = envOf(random, simulation);
  switch (kind) {
    case "merge":
      return { do: "merge", env, change: "plain" };
    case "odd-merge":
      return { do: "merge", env, change: random.pick(changes) ?? "plain" };
    case "provisioning":
      return { do: "merge", env, change: random.chance(0.5) ? "provisions" : "shaky" };
    case "risky-merge":
      return { do: "merge", env, change: random.chance(0.7) ? "razing" : "orphaning" };
    case "promote":
      return { do: "promote", env };
    case "rewrite":
      return { do: "rewrite", env, to: random.chance(0.5) ? "parent" : "aside" };
    case "move":
      return { do: "move", env, by: personOf(random), to: random.pick(destinations) ?? "again" };
    case "tamper":
      return { do: "tamper", env, how: random.pick(tamperings) ?? "delete-record" };
    case "freeze":
      return { do: "freeze", env };
    case "thaw":
      return { do: "thaw", env };
    case "rerun":
      return { do: "rerun", env, by: personOf(random), on: random.chance(0.8) ? "head" : "earlier" };
    case "let-go-on":
      return { do: "let-go-on", env, by: personOf(random), nth: random.chance(0.8) ? 0 : 1 };
    case "crash":
      return { do: "crash", worker: random.below(2) };
    case "stall":
      return { do: "stall", env: sleepingEnv(asleep) ?? env };
    case "wipe":
      return { do: "wipe-redis" };
    case "wait":
      return { do: "wait", seconds: random.pick(pauses) ?? 5 };
    case "night":
      return { do: "wait", seconds: night };
    case "network":
      return goStep(random, simulation, asleep, random.chance(0.5) ? "answer-lost" : "unreachable");
    case "break":
      return goStep(random, simulation, asleep, "broken");
    case "post":
      return { do: "deliver", nth: random.below(3), how: random.pick(passages) ?? "not" };
    case "sweep":
      return { do: "sweep", worker: random.below(2) };
    case "sleep":
    case "lapse":
      return undefined;
  }
}

/** Seconds: shorter and longer than an author may be unknown, and until what was postponed is due. */
const pauses: readonly number[] = [5, 70, 700];

const passages: readonly Passage[] = ["by-half", "not", "never"];

const personOf = (random: Random) => (random.chance(0.6) ? "alice" : (random.pick(people) ?? "bob"));

function sleepingEnv(asleep: ReadonlyMap<string, number>): string | undefined {
  return [...asleep.keys()][0]?.split(" ")[1];
}

/** A run goes on, a webhook arrives, a job is taken: nothing special. */
function usualStep(
  random: Random,
  simulation: Simulation,
  asleep: ReadonlyMap<string, number>,
): Step | undefined {
  const go = goStep(random, simulation, asleep, "well");
  const service = random.pick(serviceSteps(random, simulation));
  if (go && (!service || random.chance(0.8))) return go;
  return service;
}

function goStep(
  random: Random,
  simulation: Simulation,
  asleep: ReadonlyMap<string, number>,
  fate: Fate,
): Step | undefined {
  const awake = runsOf(simulation).filter(({ worker, env }) => !asleep.has(keyOf(worker, env)));
  const run = random.pick(awake);
  const parked = run && simulation.workers[run.worker]?.runs.get(run.env)?.parked;
  if (!parked) return undefined;
  const ready = [...parked.keys()].filter(
    (nth) => parked[nth]?.isReady() && parked[nth]?.fates.includes(fate),
  );
  const nth = random.pick(ready);
  return nth === undefined ? undefined : { do: "go", ...run, nth, fate };
}

function serviceSteps(random: Random, { world, workers, starting }: Simulation): Step[] {
  const steps: Step[] = [];
  const waiting = world.post.waiting().length;
  if (waiting > 0)
    steps.push({ do: "deliver", nth: random.chance(0.8) ? 0 : random.below(waiting), how: "well" });
  if (random.chance(0.02)) steps.push({ do: "deliver-again", nth: random.below(4) });
  for (const worker of starting) steps.push({ do: "sweep", worker });
  for (const { name: env } of world.environments) {
    const slot = world.redis.slot(env);
    const worker = random.below(workers.length);
    if (slot.waiting && !slot.active && !workers[worker]?.runs.has(env))
      steps.push({ do: "take", worker, env });
    if (offersOn(world, env).length > 0 && random.chance(0.5))
      steps.push({ do: "let-go-on", env, by: personOf(random), nth: random.chance(0.8) ? 0 : 1 });
    if (slot.later) steps.push({ do: "ring", env });
    if (slot.active && !workers.some(({ runs }) => runs.get(env) === slot.active))
      steps.push({ do: "stall", env });
    if (world.states.get(env)?.some(({ applying }) => applying?.isOrphan()))
      steps.push({ do: "outlive", env, well: random.chance(0.8) });
  }
  return steps;
}
