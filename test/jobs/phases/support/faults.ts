import { join } from "node:path";
import { messages } from "../../../promotion/messages/index.ts";
import type { Random } from "../../../simulation/random.ts";
import type { AppSpec, StackSpec } from "./app.ts";

/** What goes wrong with a stack. */
export interface Fault {
  /** What becomes of it until everything is mended. */
  readonly result: "applied" | "failed" | "waiting";
  /** What the scripts of its resources do before each of them does its deed. */
  readonly scripts: readonly Script[];
}

/** `runs`: a file of its own that has a line for each run so far. `mended`: exists once everything is. */
type Script = (place: { readonly runs: string; readonly mended: string }, random: Random) => string;

const fine: Script = () => "true";
const slow: Script = () => "sleep 0.3";
const broken: Script = ({ mended }) => `[ -e ${mended} ] || { echo "no such option: -z" >&2; exit 1; }`;
const killed: Script = ({ runs }) => `[ $(wc -l <${runs}) -gt 1 ] || { kill -9 $PPID; exit 1; }`;

const failing =
  (kind: keyof typeof messages, times: number): Script =>
  ({ runs }, random) => {
    const text = Buffer.from(random.pick(messages[kind])?.text ?? "").toString("base64");
    return `[ $(wc -l <${runs}) -gt ${times} ] || { echo ${text} | base64 -d >&2; exit 1; }`;
  };

export const faults: Readonly<Record<string, Fault>> = {
  none: { result: "applied", scripts: [fine] },
  slow: { result: "applied", scripts: [slow, slow] },
  "fails once": { result: "applied", scripts: [failing("transient", 1)] },
  "fails twice": { result: "applied", scripts: [failing("transient", 2)] },
  "fails in part": { result: "applied", scripts: [slow, failing("transient", 1), fine] },
  "has old credentials": { result: "applied", scripts: [failing("credentials", 1)] },
  "is broken": { result: "failed", scripts: [broken] },
  "is broken in part": { result: "failed", scripts: [fine, broken] },
  "has no quota": { result: "failed", scripts: [failing("quota", 1)] },
  "is killed": { result: "waiting", scripts: [killed] },
};

/** An application with faults, and what has to come of it. */
export interface FaultyApp {
  readonly app: AppSpec;
  /** Until everything is mended: stack → result. */
  readonly results: Readonly<Record<string, string>>;
  /** What all its resources do together, each once. */
  readonly deeds: readonly string[];
}

/** `directory`: where its scripts keep their files; `deeds` has a line for each deed that was done. */
export function faultyApp(random: Random, names: readonly string[], directory: string): FaultyApp {
  const app: Record<string, StackSpec> = {};
  const results: Record<string, string> = {};
  const deeds: string[] = [];
  for (const name of names) {
    const dependencies = Object.keys(app).filter(() => random.chance(0.15));
    const { result, scripts } = faults[random.pick(Object.keys(faults)) ?? "none"] ?? { scripts: [] };
    const things = scripts.map((script, index) => {
      const [deed, runs] = [`${name}.t${index}`, join(directory, `${name}.t${index}.runs`)];
      deeds.push(deed);
      const trouble = script({ runs, mended: join(directory, "mended") }, random);
      return [
        `t${index}`,
        `echo run >>${runs}; ${trouble}; echo ${deed} >>${join(directory, "deeds")}`,
      ] as const;
    });
    app[name] = { dependencies, json: { resource: resourcesOf(things), output: undefined } };
    results[name] = dependencies.every((needed) => results[needed] === "applied") ? `${result}` : "not-run";
  }
  return { app, results, deeds };
}

function resourcesOf(things: readonly (readonly [string, string])[]) {
  const made = things.map(([name, command]) => [name, { provisioner: [{ "local-exec": { command } }] }]);
  return { terraform_data: Object.fromEntries(made) };
}
