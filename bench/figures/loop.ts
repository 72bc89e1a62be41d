import { rm } from "node:fs/promises";
import path from "node:path";
import { type BareScript, openBareScript } from "../../demo/bare/script.ts";
import type { Bench, Figure } from "../harness/figure.ts";
import { interleave } from "../harness/interleave.ts";
import { median, ratios } from "../harness/statistics.ts";
import { type Releases, startReleases } from "../stage/reference-app.ts";
import { openShop, type Proposal, type Shop } from "../stage/shop.ts";

/** The start of the new service varies by more than the two sides differ. */
const pairsPerSample = 4;

/**
 * From merge to tag, against a script that does only what can't be left out. Each sample is a new commit that changes
 * one resource of the reference application; both sides deploy the same files with the same synth command. Warm: both
 * have the clone, the installed dependencies and `.terraform`. Cold: neither has, but for what npm has downloaded.
 */
export const loop: Bench = {
  name: "loop",
  run: async (context) => {
    const shop = await openShop(context);
    const releases = await startReleases(shop);
    const script = await openBareScript(shop.stage);
    context.atEnd(script.close);
    const compare = comparison(releases, context.samples * pairsPerSample, context.say);
    await warmUp(shop, script, releases);
    const warm = await compare("loop.warm", {
      waymark: async (proposal) => (await shop.deploy(proposal)).seconds,
      bare: ({ commit, branch }) => script.run(commit, branch),
    });
    const cold = await compare("loop.cold", {
      waymark: async (proposal) => {
        await forgetEverything(shop);
        return (await shop.deploy(proposal)).seconds;
      },
      bare: ({ commit }) => script.runCold(commit),
    });
    return [{ ...warm, aim: 1 }, cold];
  },
};

type Sides = Readonly<Record<"waymark" | "bare", (proposal: Proposal) => Promise<number>>>;

function comparison(releases: Releases, rounds: number, say: (line: string) => void) {
  return async (name: string, { waymark, bare }: Sides): Promise<Figure> => {
    const samples = await interleave({
      rounds,
      prepare: () => releases.next(),
      sides: [
        { name: "waymark", measure: waymark },
        { name: "bare", measure: bare },
      ],
      tell: (line) => say(`${name} ${line} s`),
    });
    const each = ratios(samples("waymark"), samples("bare"));
    return { name, value: median(each), unit: "", better: "lower", bar: 1.15, samples: each };
  };
}

/** The first of each pays for more than the next. */
async function warmUp(shop: Shop, script: BareScript, releases: Releases): Promise<void> {
  const proposal = await releases.next();
  await script.runCold(proposal.commit);
  await shop.deploy(proposal);
  await script.run(proposal.commit, proposal.branch);
}

/** What the worker has kept between two deployments: all of it may be deleted at any time. */
async function forgetEverything({ stage }: Shop): Promise<void> {
  const home = path.join(stage.directory, "home");
  const kept = ["mirrors", path.join("cache", "dependencies")];
  await Promise.all(kept.map((name) => rm(path.join(home, name), { recursive: true, force: true })));
}
