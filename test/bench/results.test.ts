import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Figure } from "../../bench/harness/figure.ts";
import {
  mergeResults,
  type Results,
  readResults,
  resultsSchema,
  toResult,
  writeResults,
} from "../../bench/harness/results.ts";
import { formatTable } from "../../bench/harness/table.ts";
import { freshDirectory } from "../support/directory.ts";

const ratio: Figure = {
  name: "loop.warm",
  value: 1.123456,
  unit: "",
  better: "lower",
  bar: 1.15,
  aim: 1,
  samples: [1.0, 1.123456, 1.2],
};
const known: Figure = { name: "ack.rate", value: 2380.4, unit: "/s", better: "higher", samples: [2380.4] };

const resultsOf = (figures: readonly Figure[], commit = "c1", machine = "m1"): Results => ({
  machine,
  commit,
  figures: figures.map(toResult),
});

describe("a result", () => {
  it("has the fields of the schema, rounded, and none besides", () => {
    expect(toResult(ratio)).toEqual({
      name: "loop.warm",
      value: 1.123,
      unit: "",
      bar: 1.15,
      aim: 1,
      ok: true,
      samples: [1, 1.123, 1.2],
    });
    expect(resultsSchema.safeParse(resultsOf([ratio, known])).success).toBe(true);
    expect(resultsSchema.safeParse({ ...resultsOf([ratio]), more: 1 }).success).toBe(false);
  });

  it("without a bar or an aim says so by null, and is ok", () => {
    expect(toResult(known)).toMatchObject({ bar: null, aim: null, ok: true });
  });

  it.each([
    ["lower", 1.15, true],
    ["lower", 1.1501, false],
    ["higher", 1.15, true],
    ["higher", 1.1499, false],
  ] as const)("where %s is better, %d against a bar of 1.15 is ok: %s", (better, value, ok) => {
    expect(toResult({ ...ratio, better, value }).ok).toBe(ok);
  });

  it("that is no number is never ok", () => {
    expect(toResult({ ...ratio, value: Number.NaN }).ok).toBe(false);
    expect(toResult({ ...ratio, better: "higher", value: Number.NaN }).ok).toBe(false);
  });
});

describe("results of several runs", () => {
  const other = { ...known, value: 1 };

  it("are joined, the newer figure in place of the older", () => {
    const merged = mergeResults(resultsOf([ratio, known]), resultsOf([other]));
    expect(merged.figures.map(({ name, value }) => [name, value])).toEqual([
      ["loop.warm", 1.123],
      ["ack.rate", 1],
    ]);
  });

  it.each([
    ["another commit", "c2", "m1"],
    ["another machine", "c1", "m2"],
  ])("are not joined with those of %s", (_, commit, machine) => {
    const now = resultsOf([other], commit, machine);
    expect(mergeResults(resultsOf([ratio]), now)).toEqual(now);
  });

  it("begin with the first", () => {
    expect(mergeResults(undefined, resultsOf([ratio]))).toEqual(resultsOf([ratio]));
  });
});

describe("the file", () => {
  it("gives back what was written, and leaves no draft", async () => {
    const directory = await freshDirectory();
    const file = path.join(directory, "results.json");
    await writeResults(file, resultsOf([ratio, known]));
    expect(await readResults(file)).toEqual(resultsOf([ratio, known]));
    expect(await readdir(directory)).toEqual(["results.json"]);
  });

  it.each(["", "{", "{}", '{"machine": 1}'])("that holds %j is none", async (text) => {
    const file = path.join(await freshDirectory(), "results.json");
    await writeFile(file, text);
    expect(await readResults(file)).toBeUndefined();
  });

  it("need not be there", async () => {
    expect(await readResults(path.join(await freshDirectory(), "results.json"))).toBeUndefined();
  });
});

describe("the table", () => {
  it("shows value, spread, bar and aim, and says what is missed", () => {
    const missed = { ...ratio, name: "loop.cold", value: 1.2 };
    const lines = formatTable([ratio, missed, { ...ratio, value: 0.99 }, known]).split("\n");
    const cells = lines.map((line) => line.split(/ {2,}/));
    expect(cells).toEqual([
      ["figure", "value", "spread", "bar", "aim", "samples"],
      ["loop.warm", "1.12", "1 – 1.2", "≤ 1.15", "≤ 1", "3", "ok, aim missed"],
      ["loop.cold", "1.2", "1 – 1.2", "≤ 1.15", "≤ 1", "3", "MISSED"],
      ["loop.warm", "0.99", "1 – 1.2", "≤ 1.15", "≤ 1", "3", "ok"],
      ["ack.rate", "2380 /s", "2380 – 2380", "1", "ok"],
    ]);
  });

  it("keeps its columns under each other", () => {
    const [head = "", ...rows] = formatTable([ratio, known]).split("\n");
    for (const row of rows) expect(row.slice(head.indexOf("spread"))).toMatch(/^\d/);
  });
});
