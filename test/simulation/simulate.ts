import { parseArgs } from "node:util";
import { playHistory, playSeed } from "./history.ts";
import { tellingLog } from "./log.ts";
import { shrink } from "./shrink.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    trace: { type: "boolean", default: false },
    shrink: { type: "boolean", default: false },
  },
});
const first = Number(values.seed);
const start = performance.now();
let failed = 0;
const promises = new Map<string, { count: number; seed: number; shortest: number }>();
let steps = 0;
for (let seed = first; seed < first + Number(values.count); seed += 1) {
  const tell = (line: string): void => void process.stdout.write(`${line}\n`);
  const extras = values.trace ? { tell, log: tellingLog(tell) } : {};
  const { violation, history } = await playSeed(seed, values.shrink ? {} : extras);
  steps += history.steps.length;
  if (seed % 50 === 0) await new Promise(setImmediate);
  if (violation) {
    if (values.shrink) {
      const small = await shrink(
        history,
        async (h) => (await playHistory(h)).violation?.promise === violation.promise,
      );
      const { violation: v } = await playHistory(small, { tell, log: tellingLog(tell) });
      tell(`${v?.message}`);
    }
    failed += 1;
    const p = promises.get(violation.message.replace(/[0-9a-f]{40}/g, "#").slice(0, 110)) ?? {
      count: 0,
      seed,
      shortest: 1e9,
    };
    if (history.steps.length < p.shortest) {
      p.shortest = history.steps.length;
      p.seed = seed;
    }
    p.count += 1;
    promises.set(violation.message.replace(/[0-9a-f]{40}/g, "#").slice(0, 110), p);
    if (values.trace) process.stdout.write(`${violation.message}\n`);
  }
}
const ms = performance.now() - start;
for (const [name, p] of [...promises].sort((a, b) => b[1].count - a[1].count))
  process.stdout.write(`${p.count}\t${name} seed ${p.seed} (${p.shortest})\n`);
process.stdout.write(
  `${failed} failed of ${values.count}, ${steps} steps, ${(ms / Number(values.count)).toFixed(2)} ms each\n`,
);
