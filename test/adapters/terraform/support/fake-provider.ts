import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { freshDirectory } from "../../../support/directory.ts";

/** A provider that can be installed. Terraform starts none before it plans, so that a script will do. */
export const fakeSource = "registry.terraform.io/acme/fake";

const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : "arm64"}`;
const program = "terraform-provider-fake_v1.0.0";

/** A directory with the provider, laid out so that Terraform links to it. */
export async function fakeMirror(): Promise<string> {
  const mirror = await freshDirectory();
  const directory = join(mirror, fakeSource, "1.0.0", platform);
  await mkdir(directory, { recursive: true });
  await writeProgram(directory);
  return mirror;
}

/** What a network mirror answers, by path. */
export async function fakeNetworkMirror(): Promise<ReadonlyMap<string, string | Buffer>> {
  const archives = { [platform]: { url: "fake.zip" } };
  return new Map<string, string | Buffer>([
    [`/${fakeSource}/index.json`, JSON.stringify({ versions: { "1.0.0": {} } })],
    [`/${fakeSource}/1.0.0.json`, JSON.stringify({ archives })],
    [`/${fakeSource}/fake.zip`, await archive()],
  ]);
}

async function archive(): Promise<Buffer> {
  const cwd = await freshDirectory();
  await writeProgram(cwd);
  const git = (...args: readonly string[]) => execa("git", args, { cwd, encoding: "buffer" });
  await git("init", "--quiet");
  await git("add", program);
  const { stdout } = await git("write-tree");
  const zip = await git("archive", "--format=zip", Buffer.from(stdout).toString().trim());
  return Buffer.from(zip.stdout);
}

async function writeProgram(directory: string): Promise<void> {
  await writeFile(join(directory, program), "#!/bin/sh\nexit 1\n");
  await chmod(join(directory, program), 0o755);
}
