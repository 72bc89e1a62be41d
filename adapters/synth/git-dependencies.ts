import { WaymarkError } from "../../promotion/failure.ts";

/** Below these keys names stand for packages, and texts say where each comes from. */
const lists = new Set([
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
  "overrides",
  "requires",
]);
const places = new Set(["resolved", "version"]);

const version = /^[\w.*^~<>=|+\s-]*$/;
/** Another name for a registry's package, or what only other package managers know. */
const alias = /^(?:(?:npm|workspace|catalog|link|portal|patch):|\$)/;
const directory = /^(?:file:|[./~])/;
/** An ordinary download from one of these hosts may also be taken for a repository. */
const gitHost = /^(?:www\.)?(?:(?:gist\.)?github\.com|bitbucket\.org|git\.sr\.ht)$/i;

/**
 * Refuses package files (parsed `package.json` and `package-lock.json`) that fetch anything by git: npm then honours the
 * settings in the other repository, which can name programs to run. Errors (user): `dependency-refused`.
 */
export function refuseGitDependencies(...files: readonly unknown[]): void {
  const found = files.flatMap((file) => origins(file, false)).find(comesFromGit);
  if (found === undefined) return;
  throw new WaymarkError({
    code: "dependency-refused",
    source: "user",
    class: "code",
    message: `A dependency comes from a git repository (${found.slice(0, 200)}). Waymark installs from the package registry only.`,
    next: "Publish the package, or use a published version, then run `npm install` and commit package-lock.json.",
  });
}

/** All texts that say where a package comes from. `listed`: inside of a list of packages. */
function origins(node: unknown, listed: boolean): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]): string[] => {
    if (typeof value === "string") return listed || places.has(key) ? [value] : [];
    return origins(value, listed || lists.has(key));
  });
}

/** Whatever is not known to be something else: npm takes much for the name of a repository. */
function comesFromGit(origin: string): boolean {
  if ([version, alias, directory].some((known) => known.test(origin))) return false;
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") return true;
  if (url.hostname === "gitlab.com") return !url.pathname.includes("/-/");
  return gitHost.test(url.hostname);
}
