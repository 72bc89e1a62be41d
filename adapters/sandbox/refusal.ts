import { WaymarkError } from "../../promotion/failure.ts";
import type { ConfinedCommand, Sandbox } from "./sandbox.ts";

/** A path that a program named when it could not open it, as Node and Python, and as shells and most tools tell it. */
const refusedPaths: readonly RegExp[] = [
  /\b(?:EACCES|EPERM|EROFS|ENOENT|Permission denied|No such file or directory|Read-only file system)\b[^\n']*'(\/[^'\n]+)'/g,
  /(\/[^\s:'"‘’]+)['"’]?: (?:Permission denied|No such file|Read-only file system|Operation not permitted)/gi,
];

const refusedNetwork =
  /\b(?:ENETUNREACH|EAI_AGAIN|ENOTFOUND|ECONNREFUSED)\b|network is unreachable|could not resolve host|temporary failure in name resolution|connection refused/i;

/** bubblewrap's own failures. That the program is not there (`execvp`) is the app's. */
const broken = /\bspawn \S*bwrap E[A-Z]+|(?:^|\s)\S*bwrap: (?!execvp)/;

/** What is there for every program, so that a file missing there is the program's own mistake. */
const system = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/nix/store", "/dev", "/tmp"];

/**
 * The error of a confined program, with an explanation if the sandbox is what stood in its way: `sandbox-refused` or
 * `sandbox-offline` (user), `sandbox-unavailable` (service) if it did not start at all. Only what the program itself told can be known: one that keeps silent about a refusal gets
 * no more than one that talks.
 */
export function explainRefusal(
  error: WaymarkError,
  sandbox: Pick<Sandbox, "kind" | "place">,
  command: Pick<ConfinedCommand, "mounts" | "network">,
): WaymarkError {
  if (sandbox.kind === "none" || error.source !== "user") return error;
  if (broken.test(error.message)) return unavailable(error);
  const path = hiddenPath(error.message, [...system, ...command.mounts.map((mount) => sandbox.place(mount))]);
  if (path !== undefined) return refused(error, path);
  return !command.network && refusedNetwork.test(error.message) ? offline(error) : error;
}

/** The first path in a message that lies outside of all that the program may see. */
function hiddenPath(message: string, visible: readonly string[]): string | undefined {
  const paths = refusedPaths.flatMap((pattern) => [...message.matchAll(pattern)].map(([, path]) => path));
  return paths.find((path) => path !== undefined && !visible.some((root) => isBelow(path, root)));
}

const isBelow = (path: string, root: string): boolean => path === root || path.startsWith(`${root}/`);

function unavailable(error: WaymarkError): WaymarkError {
  return new WaymarkError({
    ...error,
    code: "sandbox-unavailable",
    source: "service",
    class: "configuration",
    message: `${error.message}\nThe sandbox does not start, so nothing of the repository was run.`,
    next: "Make bubblewrap work again for the user that runs the worker, then re-run.",
    cause: error,
  });
}

function refused(error: WaymarkError, path: string): WaymarkError {
  return new WaymarkError({
    ...error,
    code: "sandbox-refused",
    message: `${error.message}\nThe sandbox does not let a repository's code reach ${path}.`,
    next: "Use only what is in the repository, and pass other values as `variables` in the policy.",
    cause: error,
  });
}

function offline(error: WaymarkError): WaymarkError {
  return new WaymarkError({
    ...error,
    code: "sandbox-offline",
    message: `${error.message}\nThe sandbox gives synth no network, not even this machine's own.`,
    next: "Commit what synth would download, or pass it as `variables` in the policy.",
    cause: error,
  });
}
