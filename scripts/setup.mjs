// Gets everything that Waymark needs and this machine lacks. Uses nothing but Node, so that it can come first.
// Says one line for each thing it did, and nothing when there was nothing to do.
import { existsSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { SetupFailure } from "./setup/failure.mjs";
import { installPackages } from "./setup/npm-packages.mjs";
import { installPythonPackages } from "./setup/python-packages.mjs";
import { requireGit, requireNode } from "./setup/requirements.mjs";
import { provideTerraform } from "./setup/terraform.mjs";
import { provideBubblewrap, provideRedis, provideSshKeygen } from "./setup/tools.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

// Large packages that few need lie in directories of their own: only who names one (as `npm test` does) gets them.
const named = process.argv.slice(2);
// An image holds the service without the reference application: what isn't there needs no packages.
const packageDirectories = ["", "infra-core", "infra-app", ...named].map((name) => join(root, name));

async function main() {
  requireNode();
  await requireGit();
  // One after the other: package managers lock each other out, and each line is to be seen when its thing is done.
  for (const directory of packageDirectories) await say(providePackages(directory));
  await say(provideTerraform(root));
  for (const provide of [provideRedis, provideSshKeygen, provideBubblewrap]) await say(provide());
}

async function providePackages(directory) {
  if (existsSync(join(directory, "requirements.txt"))) return providePythonPackages(directory);
  if (!existsSync(join(directory, "package-lock.json")) || !(await installPackages(directory)))
    return undefined;
  return `installed npm packages in ${relative(root, directory) || "."}`;
}

/** A directory with a requirements file gets a virtual environment of its name below `.waymark`. */
async function providePythonPackages(directory) {
  const environment = join(root, ".waymark", basename(directory));
  if (!(await installPythonPackages(join(directory, "requirements.txt"), environment))) return undefined;
  return `installed Python packages in ${relative(root, environment)}`;
}

async function say(work) {
  const done = await work;
  if (done !== undefined) console.log(`setup: ${done}`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  console.error(`setup: ${error.code}: ${error.message}\n${error.next}`);
  process.exitCode = 1;
}
