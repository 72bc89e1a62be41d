import type { Bench } from "../harness/figure.ts";
import { median, ratios } from "../harness/statistics.ts";
import { startReleases } from "../stage/reference-app.ts";
import { openShop } from "../stage/shop.ts";

/**
 * From the moved tag to the record, against the deployment right before it. Always between the same two kinds of state,
 * so that the resources' own work is the same in both directions: one service is ended, another is started.
 */
export const rollback: Bench = {
  name: "rollback",
  run: async (context) => {
    const shop = await openShop(context);
    const releases = await startReleases(shop);
    const { commit: base } = await shop.deploy(await releases.next());
    const [forward, back]: [number[], number[]] = [[], []];
    for (let round = 1; round <= context.samples; round += 1) {
      const [there, again] = [(await shop.deploy(await releases.next())).seconds, await shop.rollBack(base)];
      forward.push(there);
      back.push(again);
      context.say(`${round}/${context.samples}: forward ${there.toFixed(3)} s, back ${again.toFixed(3)} s`);
    }
    const each = ratios(back, forward);
    return [
      {
        name: "rollback.ratio",
        value: median(each),
        unit: "",
        better: "lower",
        bar: 0.5,
        aim: 0.4,
        samples: each,
      },
      { name: "rollback.seconds", value: median(back), unit: "s", better: "lower", aim: 5, samples: back },
    ];
  },
};
