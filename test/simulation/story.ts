import type { Simulation } from "./simulation.ts";
import type { Step } from "./step.ts";
import type { Delivery } from "./world/post.ts";

/** A step as one line, as it looks right before it happens. */
export function describeStep(simulation: Simulation, step: Step): string {
  const { world, workers } = simulation;
  switch (step.do) {
    case "go": {
      const what = workers[step.worker]?.runs.get(step.env)?.parked[step.nth]?.what;
      return `${nameOf(step.worker)} (${step.env}) ${what}${step.fate === "well" ? "" : ` (${step.fate})`}`;
    }
    case "take":
      return `${nameOf(step.worker)} takes the job of ${step.env}`;
    case "crash":
      return `${nameOf(step.worker)} CRASHES`;
    case "sweep":
      return `${nameOf(step.worker)} sweeps`;
    case "stall":
      return `the lease of ${step.env}'s job is over`;
    case "ring":
      return `the later wake-up of ${step.env} is due`;
    case "outlive":
      return `an apply of ${step.env} ends that outlived its worker (${step.well ? "well" : "half-way"})`;
    case "wait":
      return `${step.seconds} seconds pass`;
    case "wipe-redis":
      return "REDIS IS WIPED";
    case "deliver":
      return `webhook ${tellDelivery(world.post.waiting()[step.nth])} arrives${passages[step.how]}`;
    case "deliver-again":
      return "a webhook comes once more";
    default:
      return describeAct(step);
  }
}

const nameOf = (worker: number): string => `worker ${worker + 1}`;

const passages = {
  well: "",
  "by-half": ", but only by half",
  not: " nowhere",
  never: " never, and is in no log",
};

function tellDelivery(delivery: Delivery | undefined): string {
  return delivery === undefined ? "?" : `${delivery.guid} (${delivery.event})`;
}

type Act = Extract<
  Step,
  { do: "merge" | "promote" | "rewrite" | "move" | "tamper" | "freeze" | "thaw" | "rerun" | "let-go-on" }
>;

/** What people do. */
function describeAct(step: Act): string {
  switch (step.do) {
    case "merge":
      return `ALICE merges to ${step.env}: ${step.change}`;
    case "promote":
      return `ALICE brings ${step.env} what the environment before it has`;
    case "rewrite":
      return `ALICE forces the branch of ${step.env} to ${step.to === "parent" ? "its parent" : "another commit"}`;
    case "move":
      return `${step.by.toUpperCase()} moves current of ${step.env}: ${step.to}`;
    case "tamper":
      return `MALLORY tampers with ${step.env}: ${step.how}`;
    case "freeze":
    case "thaw":
      return `ALICE ${step.do === "freeze" ? "freezes" : "thaws"} ${step.env}`;
    case "rerun":
      return `${step.by.toUpperCase()} asks for a re-run on the ${step.on} commit of ${step.env}`;
    case "let-go-on":
      return `${step.by.toUpperCase()} lets ${step.env} go on, by check run -${step.nth}`;
  }
}

/** Object ids by their short names: c1 a commit, d3 a deployment, a2 an attempt, f4 a stranger's tag. */
export function readable(text: string): string {
  return text
    .replace(/\b([a-f])0*([0-9a-f]+?)0{32}\b/g, "$1$2")
    .replace(/\b([a-f])0{4,6}([0-9a-f]{1,3})\b/g, "$1$2");
}
