import path from "node:path";
import { findTerraform } from "../../../adapters/terraform/find.ts";
import { createCloner, createRunner, destroyStacks, linkDependencies } from "../../../demo/bare/checkout.ts";
import type { Bench, BenchContext, Figure } from "../../harness/figure.ts";
import { interleave, type Side } from "../../harness/interleave.ts";
import { median, ratios } from "../../harness/statistics.ts";
import { startReleases } from "../../stage/reference-app.ts";
import { openShop, type Proposal, type Shop } from "../../stage/shop.ts";
import { cdktf, cdktn, type Program } from "./programs.ts";

/**
 * From merge to tag, against the tool's own `deploy`, which only deploys: no fetch, no tag. Each sample is a new commit
 * of the reference application; all use the same installed dependencies.
 */
export const peer: Bench = {
  name: "peer",
  run: async (context) => {
    const shop = await openShop(context);
    const releases = await startReleases(shop);
    const peers = [await openPeer(context, shop, "cdktf", await cdktf())];
    const successor = await cdktn();
    if (successor) peers.push(await openPeer(context, shop, "cdktn", successor));
    else context.say("cdktn is left out: npm could not fetch it");
    const waymark = async (proposal: Proposal) => (await shop.deploy(proposal)).seconds;
    const sides = [{ name: "waymark", measure: waymark }, ...peers];
    const first = await releases.next();
    for (const { measure } of sides) await measure(first);
    const samples = await interleave({
      rounds: context.samples,
      prepare: () => releases.next(),
      sides,
      tell: (line) => context.say(`${line} s`),
    });
    const compared = (name: string): Figure => {
      const each = ratios(samples("waymark"), samples(name));
      return { name: `peer.${name}`, value: median(each), unit: "", better: "lower", samples: each };
    };
    const [warm, ...beside] = peers.map(({ name }) => compared(name));
    return [...(warm ? [{ ...warm, name: "peer.warm", bar: 0.5 }] : []), ...beside];
  },
};

/** A clone in which somebody types `deploy`. Its sample is that command's time alone. */
async function openPeer(
  { atEnd }: BenchContext,
  { stage }: Shop,
  name: string,
  program: Program,
): Promise<Side<string, Proposal>> {
  const home = path.join(stage.directory, "peers", name);
  const person = await createCloner(stage, name, home)();
  await linkDependencies(stage, person.clone);
  const run = await createRunner(home, {
    PATH: program.searchPath,
    TERRAFORM_BINARY_NAME: await findTerraform(process.env),
    // Nobody shall wait for what these tools ask and tell their makers.
    CHECKPOINT_DISABLE: "1",
    CI: "1",
  });
  atEnd(() => destroyStacks(person.clone, ["network", "service"], run));
  return {
    name,
    measure: async ({ commit, branch }) => {
      await person.git("fetch", "--quiet", "--no-tags", "origin", `refs/heads/${branch}`);
      await person.git("checkout", "--quiet", "--force", "--detach", commit);
      const began = performance.now();
      await run(person.clone, program.file, "deploy", "*", "--auto-approve");
      return (performance.now() - began) / 1000;
    },
  };
}
