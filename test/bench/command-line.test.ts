import { describe, expect, it } from "vitest";
import { createClosers } from "../../bench/harness/closers.ts";
import { parseWish } from "../../bench/harness/command-line.ts";
import type { Bench } from "../../bench/harness/figure.ts";

const benchOf = (name: string): Bench => ({ name, run: async () => [] });
const all = ["loop", "rollback", "ack"].map(benchOf);
const namesOf = (...args: string[]) => parseWish(args, all).benches.map(({ name }) => name);

describe("the command line", () => {
  it("asks for everything when it names nothing", () => {
    expect(namesOf()).toEqual(["loop", "rollback", "ack"]);
    expect(parseWish([], all).samples).toBe(5);
  });

  it.each([
    [["ack"], ["ack"]],
    [["loop.warm"], ["loop"]],
    [
      ["ack", "loop.cold", "loop"],
      ["loop", "ack"],
    ],
  ])("%j asks for %j, in the usual order", (args, names) => {
    expect(namesOf(...args)).toEqual(names);
  });

  it("says how many samples are taken", () => {
    expect(parseWish(["ack", "--samples", "7"], all).samples).toBe(7);
  });

  it.each(["0", "-1", "1.5", "many", ""])("takes no %j for a number of samples", (samples) => {
    expect(() => parseWish([`--samples=${samples}`], all)).toThrow("--samples");
  });

  it("names what there is to whoever asks for what there is not", () => {
    expect(() => namesOf("lop")).toThrow("There is no bench lop. There are: loop, rollback, ack.");
  });
});

describe("closers", () => {
  it("are called once, the last first, also after one that fails", async () => {
    const [called, told]: [string[], unknown[]] = [[], []];
    const closers = createClosers((error) => told.push(error));
    for (const name of ["first", "second", "third"]) {
      closers.add(async () => {
        called.push(name);
        if (name === "second") throw new Error(name);
      });
    }
    await closers.closeAll();
    await closers.closeAll();
    expect(called).toEqual(["third", "second", "first"]);
    expect(told).toEqual([new Error("second")]);
  });
});
