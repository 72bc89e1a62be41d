import { readFile, rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { type Figure, reaches } from "./figure.ts";

const resultSchema = z.strictObject({
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  bar: z.number().nullable(),
  aim: z.number().nullable(),
  /** Whether the bar is reached; true where there is none. */
  ok: z.boolean(),
  samples: z.array(z.number()),
});

/** What `bench/results.json` holds. */
export const resultsSchema = z.strictObject({
  machine: z.string(),
  commit: z.string(),
  figures: z.array(resultSchema),
});

export type Result = z.output<typeof resultSchema>;
export type Results = z.output<typeof resultsSchema>;

export function toResult(figure: Figure): Result {
  const { name, value, unit, bar, aim, samples } = figure;
  return {
    name,
    value: rounded(value),
    unit,
    bar: bar === undefined ? null : rounded(bar),
    aim: aim ?? null,
    ok: reaches(figure, bar),
    samples: samples.map(rounded),
  };
}

/** No clock here is good for more digits. */
const rounded = (value: number): number => Number(value.toPrecision(4));

/** The figures of an earlier run stay, as long as they are of the same commit and machine and were not taken anew. */
export function mergeResults(earlier: Results | undefined, now: Results): Results {
  if (earlier?.commit !== now.commit || earlier.machine !== now.machine) return now;
  const names = new Set(now.figures.map(({ name }) => name));
  return { ...now, figures: [...earlier.figures.filter(({ name }) => !names.has(name)), ...now.figures] };
}

/** Undefined when there is no such file, or nothing that can be read as results. */
export async function readResults(file: string): Promise<Results | undefined> {
  const text = await readFile(file, "utf8").catch(() => "null");
  try {
    return resultsSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export async function writeResults(file: string, results: Results): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(results, null, 2)}\n`);
  await rename(draft, file);
}
