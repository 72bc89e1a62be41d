import { parseArgs } from "node:util";
import type { Bench } from "./figure.ts";

export interface Wish {
  readonly benches: readonly Bench[];
  readonly samples: number;
}

/** A median of fewer says little. */
const usualSamples = 5;

/**
 * What the command line asks for: all benches, or those that are named, by themselves (`loop`) or by one of their
 * figures (`loop.warm`). Throws for what nobody knows.
 */
export function parseWish(args: readonly string[], all: readonly Bench[]): Wish {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { samples: { type: "string", default: String(usualSamples) } },
  });
  const samples = Number(values.samples);
  if (!Number.isInteger(samples) || samples < 1)
    throw new Error("--samples must be a whole number from 1 on");
  const wanted = new Set(positionals.map((name) => benchNamed(name, all)));
  return { benches: wanted.size === 0 ? all : all.filter((bench) => wanted.has(bench)), samples };
}

function benchNamed(name: string, all: readonly Bench[]): Bench {
  const bench = all.find((one) => one.name === name.split(".")[0]);
  if (bench) return bench;
  throw new Error(`There is no bench ${name}. There are: ${all.map((one) => one.name).join(", ")}.`);
}
