import path from "node:path";
import { type Mirror, openMirror } from "../../../adapters/git/mirror.ts";
import { freshDirectory } from "../../support/directory.ts";
import { createRemote, type Remote } from "../../support/git.ts";

export interface Fixture {
  readonly remote: Remote;
  readonly mirror: Mirror;
}

/** An empty remote with an empty mirror of it. */
export async function createFixture(): Promise<Fixture> {
  const remote = await createRemote();
  return { remote, mirror: await mirrorOf(remote.url) };
}

/** A new mirror in a directory of its own. */
export async function mirrorOf(url: string, token = "no-token-needed"): Promise<Mirror> {
  const root = path.join(await freshDirectory(), "mirrors");
  return await openMirror({ root, repository: 7, url, token: async () => token });
}

/** How many objects a mirror holds. */
export async function countObjects(mirror: Mirror): Promise<number> {
  const all = await mirror.local(["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]);
  return all.split("\n").filter((line) => line !== "").length;
}
