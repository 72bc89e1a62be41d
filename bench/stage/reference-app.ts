import { writeFile } from "node:fs/promises";
import path from "node:path";
import { copyApp, policyWith } from "../../demo/stage/shop-source.ts";
import { policyPath } from "../../promotion/policy.ts";
import type { Proposal, Shop } from "./shop.ts";

/** Releases of the reference application, each of which replaces one resource: the service's process. */
export interface Releases {
  next(): Promise<Proposal>;
}

/** Brings the application to `dev`, where it is deployed and everything it needs is installed. */
export async function startReleases(shop: Shop): Promise<Releases> {
  let releases = 0;
  const propose = (change: (clone: string) => Promise<void>): Promise<Proposal> => {
    releases += 1;
    const release = { version: `1.0.${releases}`, healthy: true };
    return shop.propose(async (clone) => {
      await change(clone);
      await writeFile(path.join(clone, "release.json"), `${JSON.stringify(release)}\n`);
    });
  };
  const bring = async (clone: string): Promise<void> => {
    await copyApp(clone);
    await writeFile(path.join(clone, policyPath), await policyWith(shop.stage.ports));
  };
  await shop.deploy(await propose(bring));
  return { next: () => propose(async () => undefined) };
}
