import { mkdtemp, realpath, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { once } from "../jobs/once.ts";
import { benches } from "./figures/index.ts";
import { createClosers } from "./harness/closers.ts";
import { parseWish } from "./harness/command-line.ts";
import { type Bench, type Figure, reaches } from "./harness/figure.ts";
import { describeCommit, describeMachine } from "./harness/machine.ts";
import { mergeResults, readResults, toResult, writeResults } from "./harness/results.ts";
import { formatTable } from "./harness/table.ts";

const file = path.join(import.meta.dirname, "results.json");
const closers = createClosers(console.error);

// For good: where nobody else listens, execa would end this process together with its children.
const stop = once(() => closers.closeAll().then(() => process.exit(1)));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop());
process.exit(await main().catch(tellMistake));

/** Gives the exit code: 0 only if every bench ran and every bar was reached. */
async function main(): Promise<number> {
  const { benches: wanted, samples } = parseWish(process.argv.slice(2), benches);
  const machine = describeMachine();
  const commit = await describeCommit(path.join(import.meta.dirname, ".."));
  console.log(`${machine}\ncommit ${commit}, load ${loadavg().map((load) => load.toFixed(1))}`);
  const figures: Figure[] = [];
  let failed = false;
  for (const bench of wanted) {
    const measured = await runBench(bench, samples);
    failed ||= measured === undefined;
    figures.push(...(measured ?? []));
    // After each: a full run is long, and what was measured shall not be lost with what comes.
    const results = { machine, commit, figures: figures.map(toResult) };
    await writeResults(file, mergeResults(await readResults(file), results));
  }
  console.log(`\n${formatTable(figures)}`);
  return failed || figures.some((figure) => !reaches(figure, figure.bar)) ? 1 : 0;
}

/** What was typed can't be done: nothing has run. */
function tellMistake(error: unknown): number {
  console.error(error instanceof Error ? error.message : error);
  return 2;
}

/** Undefined when it failed: the others run all the same. What it wrote is kept then. */
async function runBench({ name, run }: Bench, samples: number): Promise<readonly Figure[] | undefined> {
  console.log(`\n${name}`);
  const directory = await realpath(await mkdtemp(path.join(tmpdir(), `waymark-bench-${name}-`)));
  const say = (line: string): void => console.log(`  ${line}`);
  closers.add(() => rm(directory, { recursive: true, force: true }));
  try {
    const figures = await run({ directory, samples, say, atEnd: closers.add });
    const none = figures.find(({ value }) => !Number.isFinite(value));
    if (none) throw new Error(`${none.name} came to no number`);
    return figures;
  } catch (error) {
    console.error(error);
    return undefined;
  } finally {
    await closers.closeAll();
  }
}
