import { defaultPolicy } from "../../../promotion/policy.ts";
import type { Bench, BenchContext } from "../../harness/figure.ts";
import { interleave } from "../../harness/interleave.ts";
import { median, ratios } from "../../harness/statistics.ts";
import { type StackWish, writeApp } from "../../stage/bench-app.ts";
import { openShop, type Shop } from "../../stage/shop.ts";
import { idealSteps } from "./ideal.ts";

type Stacks = Readonly<Record<string, StackWish>>;

const command = "sleep 2";
const slots = defaultPolicy.parallelism;

const independent = (count: number): Stacks =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`free-${index + 1}`, { command }]));

const chain = (count: number): Stacks =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `chain-${index + 1}`,
      { command, needs: index === 0 ? [] : [`chain-${index}`] },
    ]),
  );

/** What running stacks side by side saves, against one at a time. Each of twelve stacks sleeps while it is applied. */
export const parallel: Bench = {
  name: "parallel",
  run: async (context) => {
    const shop = await openShop(context);
    const mixed = { ...independent(6), ...chain(6) };
    const saved = await savings(context, shop, mixed);
    const ideal = 1 - idealSteps(mixed, slots) / idealSteps(mixed, 1);
    context.say(`ideally ${slots} side by side save ${ideal.toFixed(2)} of the time`);
    const share = saved.map((saving) => saving / ideal);
    const free = await savings(context, shop, independent(12));
    const good = { unit: "", better: "higher" } as const;
    return [
      { name: "parallel.saved", ...good, value: median(share), bar: 0.8, aim: 1, samples: share },
      { name: "parallel.independent", ...good, value: median(free), bar: 0.7, samples: free },
    ];
  },
};

/** The share of the time that is saved, pair by pair. */
async function savings(
  { samples, say }: BenchContext,
  shop: Shop,
  stacks: Stacks,
): Promise<readonly number[]> {
  let values = 0;
  const deploy = async (parallelism: number): Promise<number> => {
    values += 1;
    const app = { stacks, parallelism };
    const proposal = await shop.propose((clone) => writeApp(clone, app, `value ${values}`));
    return (await shop.deploy(proposal)).seconds;
  };
  // Makes the stacks: afterwards each deployment replaces what is in them.
  await deploy(Object.keys(stacks).length);
  const taken = await interleave({
    rounds: samples,
    prepare: async () => undefined,
    sides: [
      { name: "side by side", measure: () => deploy(slots) },
      { name: "one at a time", measure: () => deploy(1) },
    ],
    tell: (line) => say(`${line} s`),
  });
  return ratios(taken("side by side"), taken("one at a time")).map((ratio) => 1 - ratio);
}
