import { SetupFailure } from "./failure.mjs";
import { run } from "./program.mjs";
import { isAtLeast } from "./version.mjs";

const leastNode = "20.18.1";
// The first one whose `merge-tree --write-tree` merges without a work tree.
const leastGit = "2.38.0";

/** @param {string} version this Node's own */
export function requireNode(version = process.version) {
  if (isAtLeast(version, leastNode)) return;
  throw new SetupFailure({
    code: "node-too-old",
    message: `Node ${leastNode} or later is needed; this is ${version}.`,
    next: "Install a newer Node: https://nodejs.org/en/download",
  });
}

export async function requireGit() {
  const { ok, stdout } = await run("git", ["--version"]);
  const version = /(\d+\.\d+(\.\d+)?)/.exec(stdout)?.[1];
  if (ok && version !== undefined && isAtLeast(version, leastGit)) return;
  throw new SetupFailure({
    code: ok ? "git-too-old" : "git-missing",
    message: `git ${leastGit} or later is needed; ${version === undefined ? "none was found" : `this is ${version}`}.`,
    next: "Install a newer git: https://git-scm.com/downloads",
  });
}
