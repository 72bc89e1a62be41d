import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installTerraform } from "../../scripts/setup/terraform.mjs";
import { terraformRelease } from "../../scripts/setup/terraform-release.mjs";
import { serveFiles } from "./file-server.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "setup-"));
});
afterEach(() => rm(directory, { recursive: true }));

/** A release as the real one is packed: a license beside a program, here one that says a word. */
async function packRelease(compression: string): Promise<Buffer> {
  const source = join(directory, "release");
  await mkdir(source);
  await writeFile(join(source, "LICENSE.txt"), "license ".repeat(1000));
  await writeFile(join(source, "terraform"), `#!/bin/sh\necho hello ${"#".repeat(10_000)}\n`);
  const archive = join(directory, "release.zip");
  const git = (...args: string[]) => execa("git", args, { cwd: source });
  await git("init", "--quiet");
  await git("add", "--all");
  const { stdout: tree } = await git("write-tree");
  await git("archive", "--format=zip", compression, `--output=${archive}`, tree);
  return readFile(archive);
}

const sha256Of = (content: Buffer) => createHash("sha256").update(content).digest("hex");

test.each([
  ["deflated", "-9"],
  ["stored", "-0"],
])("downloads, checks and unpacks a release (%s)", async (_, compression) => {
  const archive = await packRelease(compression);
  await using server = await serveFiles((_, response) => response.end(archive));
  const target = join(directory, "tools/terraform");
  await installTerraform(
    target,
    { version: "9.9.9", site: server.url, sha256: { linux_amd64: sha256Of(archive) } },
    "linux_amd64",
  );
  expect(server.requests).toEqual(["/9.9.9/terraform_9.9.9_linux_amd64.zip"]);
  expect((await execa(target)).stdout).toContain("hello");
  expect(await readdir(join(directory, "tools"))).toEqual(["terraform"]);
});

test("a release with another checksum is not installed", async () => {
  const archive = await packRelease("-9");
  await using server = await serveFiles((_, response) => response.end(archive));
  const release = { version: "9.9.9", site: server.url, sha256: { linux_amd64: "0".repeat(64) } };
  await expect(
    installTerraform(join(directory, "tools/terraform"), release, "linux_amd64"),
  ).rejects.toMatchObject({
    code: "checksum-mismatch",
    next: expect.stringContaining("WAYMARK_TERRAFORM"),
  });
  expect(await readdir(directory)).not.toContain("tools");
});

test("a platform without a checked release is told how to go on", async () => {
  await expect(
    installTerraform(join(directory, "terraform"), terraformRelease, "plan9_mips"),
  ).rejects.toMatchObject({
    code: "terraform-missing",
    message: expect.stringContaining("plan9_mips"),
  });
});

test("the pinned release has a checksum for each supported platform", () => {
  expect(Object.keys(terraformRelease.sha256)).toEqual([
    "linux_amd64",
    "linux_arm64",
    "darwin_amd64",
    "darwin_arm64",
  ]);
  for (const sum of Object.values(terraformRelease.sha256)) expect(sum).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(Object.values(terraformRelease.sha256)).size).toBe(4);
});

test.each([
  ["too old a version", "#!/bin/sh\necho Terraform v1.9.8\n"],
  ["a program that is no Terraform", "#!/bin/sh\necho hello\n"],
  ["a program that fails", "#!/bin/sh\nexit 1\n"],
])("%s in WAYMARK_TERRAFORM is refused", async (_, script) => {
  const program = join(directory, "terraform");
  await writeFile(program, script);
  await chmod(program, 0o755);
  const setup = join(import.meta.dirname, "../../scripts/setup.mjs");
  const env = { PATH: process.env.PATH ?? "", WAYMARK_TERRAFORM: program };
  const { exitCode, stderr } = await execa("node", [setup], { env, extendEnv: false, reject: false });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("terraform-unusable")]);
});
