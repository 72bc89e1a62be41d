import { cp, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Releases } from "./reference-app.ts";
import type { Proposal, Shop } from "./shop.ts";

const source = path.resolve(import.meta.dirname, "../template-app");

/** Brings an application to `dev` that is as the tool's own template has it; each release replaces its one resource. */
export async function startTemplateReleases(shop: Shop): Promise<Releases> {
  let releases = 0;
  const next = (): Promise<Proposal> => {
    releases += 1;
    return shop.propose((clone) => writeRelease(clone, `1.0.${releases}`));
  };
  await shop.deploy(await next());
  return { next };
}

async function writeRelease(clone: string, release: string): Promise<void> {
  const isSource = (file: string): boolean => path.basename(file) !== "node_modules";
  await cp(source, clone, { recursive: true, filter: isSource });
  await writeFile(path.join(clone, "release.json"), `${JSON.stringify({ release })}\n`);
}
