import { expect, it } from "vitest";
import { interleave } from "../../bench/harness/interleave.ts";

/** Sides that write down when they were measured, and on what. */
async function play(rounds: number, names: readonly string[]) {
  const order: string[] = [];
  const lines: string[] = [];
  const samples = await interleave({
    rounds,
    prepare: async (round) => {
      order.push(`prepare ${round}`);
      return round * 100;
    },
    sides: names.map((name, index) => ({
      name,
      measure: async (input: number) => {
        order.push(`${name} of ${input}`);
        return input + index;
      },
    })),
    tell: (line) => lines.push(line),
  });
  return { order, lines, samples };
}

it("takes one sample of each side a round, and begins each round with another side", async () => {
  const { order } = await play(3, ["a", "b"]);
  expect(order).toEqual([
    ...["prepare 0", "a of 0", "b of 0"],
    ...["prepare 1", "b of 100", "a of 100"],
    ...["prepare 2", "a of 200", "b of 200"],
  ]);
});

it("lets each of three sides be first as often as the others", async () => {
  const { order } = await play(6, ["a", "b", "c"]);
  const firsts = order.flatMap((line, index) =>
    line.startsWith("prepare") ? (order[index + 1] ?? "")[0] : [],
  );
  expect(firsts.join("")).toBe("abcabc");
});

it("keeps the samples of one round together, whatever the order they were taken in", async () => {
  const { samples } = await play(3, ["a", "b"]);
  expect(samples("a")).toEqual([0, 100, 200]);
  expect(samples("b")).toEqual([1, 101, 201]);
});

it("tells of each round as it comes", async () => {
  const { lines } = await play(2, ["a", "b"]);
  expect(lines).toEqual(["1/2: a 0.000, b 1.000", "2/2: b 101.0, a 100.0"]);
});

it("stops at a side that fails", async () => {
  const failing = { name: "a", measure: () => Promise.reject(new Error("no sample")) };
  const prepare = async () => undefined;
  await expect(interleave({ rounds: 2, prepare, sides: [failing], tell: () => undefined })).rejects.toThrow(
    "no sample",
  );
});
