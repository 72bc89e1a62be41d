import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SetupFailure } from "./failure.mjs";
import { run } from "./program.mjs";

/**
 * Runs `npm ci` in a directory unless what its lock file asks for is installed already.
 * @param {string} directory
 * @returns {Promise<boolean>} whether anything was installed
 */
export async function installPackages(directory) {
  if (isInstalled(directory)) return false;
  const args = ["ci", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  const { ok, stdout, stderr } = await run("npm", args, { cwd: directory });
  if (ok) return true;
  throw new SetupFailure({
    code: "npm-ci-failed",
    message: `npm ci failed in ${directory}:\n${`${stdout}${stderr}`.trim()}`,
    next: `See what npm says above, then try it by hand: cd ${directory} && npm ci`,
  });
}

/**
 * Compares contents, not times, so that it is right after `npm install`, a git checkout or an interrupted run too.
 * npm's own note of what is installed is not enough: `--package-lock-only` writes it without installing anything.
 * @param {string} directory
 */
export function isInstalled(directory) {
  const wanted = readLock(join(directory, "package-lock.json"));
  const installed = readLock(join(directory, "node_modules", ".package-lock.json"));
  if (wanted === undefined || installed === undefined) return false;
  const matches = ([path, entry]) =>
    path in installed ? isSame(installed[path], entry) : mayBeAbsent(entry);
  const isThere = (path) => path in wanted && existsSync(join(directory, path));
  return Object.entries(wanted).every(matches) && Object.keys(installed).every(isThere);
}

function readLock(file) {
  if (!existsSync(file)) return undefined;
  const { "": _project, ...packages } = JSON.parse(readFileSync(file, "utf8")).packages;
  return packages;
}

const isSame = (one, other) => one.version === other.version && one.integrity === other.integrity;

/** Packages of other platforms, and development packages where npm was told to leave them out. */
function mayBeAbsent({ optional, dev, devOptional }) {
  const { npm_config_omit = "", NODE_ENV } = process.env;
  const omitsDev = npm_config_omit.split(/\s+/).includes("dev") || NODE_ENV === "production";
  return optional === true || devOptional === true || (omitsDev && dev === true);
}
