import { classify } from "../../promotion/classify.ts";
import { WaymarkError } from "../../promotion/failure.ts";
import type { Classification } from "../../promotion/failure-signs.ts";
import { code } from "../../promotion/report/markdown.ts";
import type { Exit } from "../process/detached/end.ts";
import { lastLines } from "../process/last-lines.ts";
import type { ConstructOf } from "./construct-path.ts";
import type { Diagnostic } from "./event.ts";
import { type LockHolder, lockHolderIn, StateLocked } from "./lock-holder.ts";

/** `push`: storing a state that an apply could not store. */
export type Step = "init" | "plan" | "apply" | "push";

/** What is known about a step that did not succeed. */
export interface BadEnd {
  readonly stack: string;
  readonly step: Step | "validate";
  readonly exit: Exit;
  readonly errors: readonly Diagnostic[];
  readonly stderr: string;
  readonly constructOf: ConstructOf;
}

const shownErrors = 5;

/** The error of a step: Terraform's own words, what they are known to mean, and what to do next. */
export function explain(end: BadEnd): WaymarkError {
  const { exit } = end;
  if (exit.kind !== "exited") return lost(end);
  const shown = end.errors.slice(0, shownErrors).map((error) => describe(error, end.constructOf));
  const said = shown.length > 0 ? shown.join("\n") : plain(end.stderr);
  const meant = meaningOf(end.errors, said) ?? silent(end.step, exit.code);
  const known = end.step === "validate" && meant.class === "unknown" ? invalid : meant;
  const holder = known.class === "lock" ? lockHolderIn(said) : undefined;
  if (holder) return locked(end, known, holder);
  const address = known.code === "resource-exists" ? addressOf(end.errors) : undefined;
  return new WaymarkError({
    ...known,
    message: `${end.step} of stack ${end.stack} failed: ${said || "it said nothing."}`,
    next: address === undefined ? known.next : importNext(address),
  });
}

/** Undefined: it said nothing. */
function meaningOf(errors: readonly Diagnostic[], said: string): Classification | undefined {
  if (said === "") return undefined;
  const others = errors.filter(({ summary }) => !lostState.test(summary));
  if (others.length === errors.length) return classify(said);
  return others.length === 0 ? stateUnwritable : classify(others.map(textOf).join("\n"));
}

/** What else went wrong counts more: a state that could not be stored is kept and stored later. */
const lostState = /\b(?:sav|persist|upload|writ|creat)\w*\b.{0,20}\bstate\b|\breleasing the state lock\b/i;

const stateUnwritable: Classification = {
  code: "state-unwritable",
  source: "service",
  class: "transient",
  next: "Make the backend work again, then re-run.",
};

const textOf = ({ summary, detail }: Diagnostic): string => `${summary}: ${detail}`;

function describe(error: Diagnostic, constructOf: ConstructOf): string {
  const { summary, detail, address, range } = error;
  const construct = constructOf(error);
  const places = [
    address,
    construct && `construct ${construct}`,
    range && `${range.filename} line ${range.start.line}`,
  ];
  const place = places.filter(Boolean).join(", ");
  const text = [summary, detail].filter((part) => part !== "").join(": ");
  return place === "" ? text : `${text} (${place})`;
}

function locked({ stack }: BadEnd, known: Classification, holder: LockHolder): StateLocked {
  const { who, since, operation, id } = holder;
  const message = `The state of stack ${stack} is locked by ${who}, for an ${operation} begun at ${since} (lock ${id}).`;
  return new StateLocked({ ...known, message }, holder);
}

/** Of the first error that is about a resource that is there already. */
function addressOf(errors: readonly Diagnostic[]): string | undefined {
  const isAbout = (error: Diagnostic) => classify(textOf(error)).code === "resource-exists";
  return errors.find((error) => error.address !== undefined && isAbout(error))?.address;
}

/** On one line, since the journal keeps no other. Only the provider's documentation tells what an id is made of. */
function importNext(address: string): string {
  const importBlock = JSON.stringify({ import: [{ to: address, id: "<its id>" }] });
  return `Import it: ${code('importFrom("<its id>")')} on its construct, or the block ${code(importBlock)}. Or give it another name, or delete it. Then re-run.`;
}

/** Terraform draws boxes around what it prints for people. */
function plain(stderr: string): string {
  const lines = lastLines(stderr, 40).split("\n");
  const unboxed = lines.map((line) => line.replace(/^[╷│╵]\s?/, "").trimEnd());
  return unboxed.filter((line) => line !== "").join("\n");
}

/** Only the files were looked at, so whatever is wrong is wrong there. */
const invalid: Classification = {
  code: "configuration-invalid",
  source: "user",
  class: "code",
  next: "Correct the app where the message points, then push.",
};

/** Whoever was killed before the apply has changed nothing. */
function silent(step: BadEnd["step"], code: number): Classification {
  const killed = code > 128;
  return {
    code: killed ? "terraform-killed" : "terraform-failed",
    source: "service",
    class: killed && step !== "apply" ? "transient" : "unknown",
    next: "Look whether the machine ran out of memory or was shut down, then re-run.",
  };
}

/** Nobody saw how it ended. An apply like that is never repeated blindly: people look first. */
function lost({ stack, step, exit }: BadEnd): WaymarkError {
  const started = exit.kind === "unknown";
  return new WaymarkError({
    code: started ? "terraform-lost" : "never-started",
    source: "service",
    class: started && step === "apply" ? "unknown" : "transient",
    message: `${step} of stack ${stack} ${started ? "disappeared without saying how it ended." : "was not started."}`,
    next: started ? "Compare the environment with the app, then re-run." : "Waymark tries again by itself.",
  });
}
