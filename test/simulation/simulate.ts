import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { z } from "zod";
import { explain } from "./explain.ts";
import { playSeed } from "./history.ts";
import { readableLog } from "./log.ts";
import { type Bug, bugs, isBug } from "./planted/bugs.ts";
import { type Search, search } from "./search.ts";
import { readable } from "./story.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    /** Tell each history as it happens, unshrunk. */
    trace: { type: "boolean", default: false },
    /** Plant a bug, to see it caught. */
    bug: { type: "string" },
    /** A slice of another process's search: says the seeds of its findings. */
    slice: { type: "boolean", default: false },
  },
});

const number = z.coerce.number().int().min(1);
const wanted: Search = {
  first: number.parse(values.seed),
  count: number.parse(values.count),
  bug: bugNamed(values.bug),
};
/** More stories than this nobody reads. */
const maximumStories = 3;
/** Fewer histories than this are not worth a process of their own. */
const worthwhile = 500;

if (values.slice) await searchSlice(wanted);
else if (values.trace) await trace(wanted);
else process.exitCode = (await searchAll(wanted)) === 0 ? 0 : 1;

function bugNamed(name: string | undefined): Bug | undefined {
  if (name === undefined || isBug(name)) return name;
  throw new Error(`no such bug: ${name} (there are: ${Object.keys(bugs).join(", ")})`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function searchSlice(slice: Search): Promise<void> {
  for await (const { seed } of search(slice)) process.send?.(seed);
  process.disconnect?.();
}

/** Searches in as many processes as there are cores; gives how many histories broke a promise. */
async function searchAll({ first, count, bug }: Search): Promise<number> {
  const began = performance.now();
  const processes = Math.min(availableParallelism(), Math.ceil(count / worthwhile));
  const size = Math.ceil(count / processes);
  const slices = Array.from({ length: processes }, (_, index) => ({
    first: first + index * size,
    count: Math.min(size, count - index * size),
    bug,
  }));
  const found = (await Promise.all(slices.map(searchElsewhere))).flat().sort((a, b) => a - b);
  for (const seed of found.slice(0, maximumStories)) {
    const outcome = await playSeed(seed, { bug });
    say(`${await explain({ seed, ...outcome }, bug)}\n`);
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  say(
    `${count} histories in ${seconds} s: ${found.length === 0 ? "every promise was kept" : `${found.length} broke a promise`}`,
  );
  if (found.length > 0) say(`seeds: ${found.slice(0, 50).join(" ")}`);
  return found.length;
}

async function searchElsewhere({ first, count, bug }: Search): Promise<number[]> {
  const args = ["--slice", "--seed", String(first), "--count", String(count), ...(bug ? ["--bug", bug] : [])];
  const child = fork(import.meta.filename, args);
  const found: number[] = [];
  child.on("message", (message) => void found.push(number.parse(message)));
  const code = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  if (code !== 0) throw new Error(`a search from seed ${first} on ended with ${code}`);
  return found;
}

async function trace({ first, count, bug }: Search): Promise<void> {
  const tell = (line: string): void => say(readable(line));
  for (let seed = first; seed < first + count; seed += 1) {
    say(`Seed ${seed}`);
    const { violation } = await playSeed(seed, { bug, tell, log: readableLog(tell) });
    say(violation ? `BROKEN: ${readable(violation.message)}` : "every promise was kept");
    if (violation) process.exitCode = 1;
  }
}
