import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SetupFailure } from "./failure.mjs";
import { run } from "./program.mjs";
import { providePython } from "./python.mjs";

/**
 * Makes a virtual environment that holds what a requirements file names, unless it is there already.
 * @param {string} requirements the file
 * @param {string} environment the virtual environment's directory
 * @returns {Promise<boolean>} whether anything was installed
 * @throws {SetupFailure} `python-missing` or `pip-failed`
 */
export async function installPythonPackages(requirements, environment) {
  const wanted = readFileSync(requirements, "utf8");
  // Written last, so that an interrupted installation is not taken for a whole one.
  const note = join(environment, "installed.txt");
  if (existsSync(note) && readFileSync(note, "utf8") === wanted) return false;
  await succeed(await providePython(), ["-m", "venv", "--clear", environment]);
  // Wheels only: nothing that is downloaded runs while it is installed.
  const options = ["--quiet", "--no-input", "--disable-pip-version-check", "--only-binary", ":all:"];
  await succeed(join(environment, "bin", "python"), [
    "-m",
    "pip",
    "install",
    ...options,
    "--requirement",
    requirements,
  ]);
  writeFileSync(note, wanted);
  return true;
}

async function succeed(program, args) {
  const { ok, stdout, stderr } = await run(program, args);
  if (ok) return;
  throw new SetupFailure({
    code: "pip-failed",
    message: `Python packages could not be installed:\n${`${stdout}${stderr}`.trim()}`,
    next: `See what it says above, then try it by hand: ${[program, ...args].join(" ")}`,
  });
}
