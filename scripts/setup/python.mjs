import { SetupFailure } from "./failure.mjs";
import { findProgram, run } from "./program.mjs";
import { installSystemPackage, python } from "./system-packages.mjs";
import { isAtLeast } from "./version.mjs";

const leastPython = "3.9";
const programs = ["python3", ...[14, 13, 12, 11, 10, 9].map((minor) => `python3.${minor}`)];

/**
 * A Python that can make virtual environments, installed first where there is none.
 * @returns {Promise<string>} its full path
 * @throws {SetupFailure} `python-missing`
 */
export async function providePython() {
  const found = await findPython();
  if (found !== undefined) return found;
  const result = await installSystemPackage(python);
  const installed = await findPython();
  if (installed !== undefined) return installed;
  throw new SetupFailure({
    code: "python-missing",
    message: `Python ${leastPython} or later with venv is missing, and could not be installed: ${result.reason ?? `${result.installed} does not contain it`}.`,
    next: result.advice ? `Type: ${result.advice}` : "Install Python: https://www.python.org/downloads",
  });
}

async function findPython() {
  for (const name of programs) {
    const program = findProgram(name);
    if (program !== undefined && (await isUsable(program))) return program;
  }
  return undefined;
}

// Debian has Python without ensurepip, and then a virtual environment has no pip.
async function isUsable(program) {
  const question = "import ensurepip, platform, venv; print(platform.python_version())";
  const { ok, stdout } = await run(program, ["-I", "-c", question]);
  return ok && isAtLeast(stdout.trim(), leastPython);
}
