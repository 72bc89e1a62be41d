import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { download } from "./download.mjs";
import { SetupFailure } from "./failure.mjs";
import { findProgram, isExecutable, run } from "./program.mjs";
import { terraformRelease } from "./terraform-release.mjs";
import { isAtLeast } from "./version.mjs";
import { readZipEntry } from "./zip.mjs";

// Older ones lack a lock in S3 state, or say less in their event stream.
const leastVersions = { Terraform: "1.10.0", OpenTofu: "1.8.0" };
const wanted = "Terraform 1.10 or OpenTofu 1.8, or later,";

/**
 * Makes sure that there is a Terraform or OpenTofu: WAYMARK_TERRAFORM, one downloaded before, one on the PATH, or
 * one downloaded now.
 * @param {string} root the project's directory
 * @returns {Promise<string | undefined>} what was done
 */
export async function provideTerraform(root) {
  if (process.env.WAYMARK_TERRAFORM) return requireChosen(process.env.WAYMARK_TERRAFORM);
  const installed = join(root, ".waymark", "tools", "terraform");
  for (const program of [installed, findProgram("terraform"), findProgram("tofu")]) {
    if (program !== undefined && (await isRecentEnough(program))) return undefined;
  }
  await installTerraform(installed);
  return `downloaded Terraform ${terraformRelease.version}`;
}

async function requireChosen(program) {
  if (await isRecentEnough(program)) return undefined;
  throw new SetupFailure({
    code: "terraform-unusable",
    message: `WAYMARK_TERRAFORM is ${program}, which is not ${wanted} or does not start.`,
    next: "Set it to another program, or unset it.",
  });
}

async function isRecentEnough(program) {
  const { PATH, HOME } = process.env;
  // Without this it asks a server about newer versions each time.
  const env = { PATH, HOME, CHECKPOINT_DISABLE: "1" };
  const { ok, stdout } = await run(program, ["version"], { env });
  const [, product, version] = /^(Terraform|OpenTofu) v(\S+)/.exec(stdout) ?? [];
  return ok && product !== undefined && isAtLeast(version, leastVersions[product]);
}

/**
 * Downloads, checks and unpacks the pinned release; whoever looks at `target` sees a whole program or none.
 * @param {string} target
 * @param {typeof terraformRelease} release
 * @param {string} platform as the release names it, for example linux_amd64
 */
export async function installTerraform(target, release = terraformRelease, platform = thisPlatform()) {
  const sha256 = release.sha256[platform];
  const archive =
    sha256 === undefined
      ? undefined
      : `${release.site}/${release.version}/terraform_${release.version}_${platform}.zip`;
  if (archive === undefined) throw cannotDownload(target, `there is no checked release for ${platform}`);
  const program = readZipEntry(await downloadOrAdvise(archive, sha256, target), "terraform");
  const draft = `${target}.${randomUUID()}`;
  mkdirSync(dirname(target), { recursive: true });
  try {
    writeFileSync(draft, program, { mode: 0o755 });
    renameSync(draft, target);
  } finally {
    rmSync(draft, { force: true });
  }
  if (!isExecutable(target)) throw cannotDownload(target, "the file system does not let programs run");
}

async function downloadOrAdvise(url, sha256, target) {
  try {
    return await download({ url, sha256 });
  } catch (error) {
    throw cannotDownload(target, error.message, error);
  }
}

function cannotDownload(target, reason, cause) {
  return new SetupFailure({
    code: cause?.code ?? "terraform-missing",
    message: `${wanted} is missing, and Terraform can't be downloaded: ${reason}`,
    next: `Install Terraform (https://developer.hashicorp.com/terraform/install) or OpenTofu on the PATH, put the program at ${target}, or set WAYMARK_TERRAFORM to it.`,
    cause,
  });
}

function thisPlatform() {
  const processors = { x64: "amd64", arm64: "arm64" };
  return `${process.platform}_${processors[process.arch] ?? process.arch}`;
}
