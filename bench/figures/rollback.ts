import type { Bench, BenchContext } from "../harness/figure.ts";
import { median, ratios } from "../harness/statistics.ts";
import { type Releases, startReleases } from "../stage/reference-app.ts";
import { openShop, type Shop } from "../stage/shop.ts";
import { startTemplateReleases } from "../stage/template-app.ts";

/**
 * From the moved tag to the record, against the deployment right before it: of an application as the tool's template has
 * it, and of the reference application, whose synth takes a fifth of that one's.
 */
export const rollback: Bench = {
  name: "rollback",
  run: async (context) => {
    const shop = await openShop(context);
    const usual = await measure(context, shop, await startTemplateReleases(shop));
    const reference = await measure(context, shop, await startReleases(shop));
    const lower = { unit: "", better: "lower" } as const;
    const seconds = { ...lower, unit: "s", aim: 5, value: median(usual.back), samples: usual.back };
    return [
      { name: "rollback.ratio", ...lower, ...usual.ratio, bar: 0.5, aim: 0.4 },
      { name: "rollback.seconds", ...seconds },
      { name: "rollback.reference", ...lower, ...reference.ratio },
    ];
  },
};

/**
 * Always between the same two kinds of state, so that the resources' own work is the same in both directions: each
 * replaces the same ones.
 */
async function measure({ samples, say }: BenchContext, shop: Shop, releases: Releases) {
  const { commit: base } = await shop.deploy(await releases.next());
  const [forward, back]: [number[], number[]] = [[], []];
  for (let round = 1; round <= samples; round += 1) {
    const [there, again] = [(await shop.deploy(await releases.next())).seconds, await shop.rollBack(base)];
    forward.push(there);
    back.push(again);
    say(`${round}/${samples}: forward ${there.toFixed(3)} s, back ${again.toFixed(3)} s`);
  }
  const each = ratios(back, forward);
  return { back, ratio: { value: median(each), samples: each } };
}
