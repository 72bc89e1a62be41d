import { randomUUID } from "node:crypto";
import type { Mirror } from "./mirror.ts";

/**
 * Where this process keeps what it saw of the remote's refs. Mirrors are shared by the workers of a machine, and what
 * one reads must not be overwritten by what another, which was paused, has read before. Begins with the time (seconds
 * since 1970), so that spaces of long gone processes can be told.
 */
const root = "refs/seen/";
const space = `${root}${Math.floor(Date.now() / 1000)}-${randomUUID()}/`;

/** No process runs longer. */
const keptSeconds = 60 * 24 * 3600;

/** The mirror's own name for a ref (or pattern) of the remote. */
export function seenName(ref: string): string {
  return space + ref.slice("refs/".length);
}

/** The remote's name for a ref that this process saw. */
export function originalName(seen: string): string {
  return `refs/${seen.slice(space.length)}`;
}

/** Forgets what long gone processes saw. */
export async function forgetOldSpaces(mirror: Pick<Mirror, "local">): Promise<void> {
  const oldest = Date.now() / 1000 - keptSeconds;
  const names = (await mirror.local(["for-each-ref", "--format=%(refname)", root])).split("\n");
  for (const name of names.filter(
    (ref) => ref !== "" && Number.parseInt(ref.slice(root.length), 10) < oldest,
  )) {
    await mirror.local(["update-ref", "-d", "--end-of-options", name]);
  }
}
