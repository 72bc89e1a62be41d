import { openBareScript } from "../../../demo/bare/script.ts";
import type { Bench, BenchContext, Figure } from "../../harness/figure.ts";
import { interleave } from "../../harness/interleave.ts";
import { median, ratios } from "../../harness/statistics.ts";
import { type StackWish, writeApp } from "../../stage/bench-app.ts";
import { NotDeployed, openShop, type Proposal, type Shop } from "../../stage/shop.ts";
import { startFlakyService } from "./flaky-service.ts";

const resources = 10;

/** Fifty resources: one stack that three need, and one that needs all three. In an order that a script can follow. */
const stacks: Readonly<Record<string, StackWish>> = {
  base: { resources },
  left: { resources, needs: ["base"] },
  middle: { resources, needs: ["base"] },
  right: { resources, needs: ["base"] },
  top: { resources, needs: ["left", "middle", "right"] },
};

const failingShare = 0.05;
/** Deployments in a row, for each sample that others take. */
const rowPerSample = 40;

/** Many resources from merge to tag, and many deployments in a row while what they depend on fails now and then. */
export const large: Bench = {
  name: "large",
  run: async (context) => {
    const shop = await openShop(context);
    return [...(await manyResources(context, shop)), await manyDeployments(context, shop)];
  },
};

async function manyResources(context: BenchContext, shop: Shop): Promise<readonly Figure[]> {
  const next = releases(shop, stacks);
  await shop.deploy(await next());
  const script = await openBareScript(shop.stage, Object.keys(stacks));
  context.atEnd(script.close);
  const first = await next();
  await script.run(first.commit, first.branch);
  await shop.deploy(first);
  const samples = await interleave({
    rounds: context.samples,
    prepare: next,
    sides: [
      { name: "waymark", measure: async (proposal) => (await shop.deploy(proposal)).seconds },
      { name: "bare", measure: ({ commit, branch }) => script.run(commit, branch) },
    ],
    tell: (line) => context.say(`${line} s`),
  });
  const seconds = samples("waymark");
  const each = ratios(seconds, samples("bare"));
  return [
    { name: "large.seconds", value: median(seconds), unit: "s", better: "lower", aim: 600, samples: seconds },
    { name: "large.ratio", value: median(each), unit: "", better: "lower", aim: 1.15, samples: each },
  ];
}

/** One after the other; each tells whether it came through without anybody's help. */
async function manyDeployments(context: BenchContext, shop: Shop): Promise<Figure> {
  const service = await startFlakyService(context, failingShare);
  const next = releases(shop, { only: { command: service.command } });
  const outcomes: number[] = [];
  for (let round = 0; round < context.samples * rowPerSample; round += 1) {
    const proposal = await next();
    outcomes.push(await comesThrough(context, shop, proposal));
  }
  const succeeded = outcomes.filter((outcome) => outcome === 1).length;
  context.say(
    `${succeeded} of ${outcomes.length} deployments succeeded, in spite of ${service.failures()} failures`,
  );
  const share = succeeded / outcomes.length;
  return { name: "large.success", value: share, unit: "", better: "higher", bar: 0.99, samples: outcomes };
}

async function comesThrough({ say }: BenchContext, shop: Shop, proposal: Proposal): Promise<number> {
  try {
    await shop.deploy(proposal);
    return 1;
  } catch (error) {
    if (!(error instanceof NotDeployed)) throw error;
    say(error.message);
    return 0;
  }
}

/** Proposals that bring these stacks, each with other values than the one before. */
function releases(shop: Shop, wish: Readonly<Record<string, StackWish>>): () => Promise<Proposal> {
  let values = 0;
  return () => {
    values += 1;
    return shop.propose((clone) => writeApp(clone, { stacks: wish }, `value ${values}`));
  };
}
