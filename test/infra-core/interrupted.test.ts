import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadRegistry } from "../../adapters/registry/load.ts";
import { localBinding } from "../../adapters/registry/local-binding.ts";
import { findTerraform } from "../../adapters/terraform/find.ts";
import { compile } from "../support/compile.ts";

const root = join(import.meta.dirname, "../..");

let directory: string;
let terraform: string;
let program: string;
beforeEach(async () => {
  program = await compile("infra-core/cli.ts");
  terraform = await findTerraform(process.env);
  directory = await mkdtemp(join(tmpdir(), "core-"));
  const repositories = [1, 2, 3].map((id) => ({ id, fullName: `acme/shop-${id}` }));
  await writeFile(join(directory, "core.yml"), JSON.stringify({ version: 1, home: "home", repositories }));
});
afterEach(() => rm(directory, { recursive: true }));

function startBootstrap() {
  const args = [program, "apply", "--config", join(directory, "core.yml"), "--yes"];
  const env = { PATH: process.env.PATH ?? "", WAYMARK_TERRAFORM: terraform };
  // A process group of its own, so that Terraform and its provisioners can be killed with it.
  return execa("node", args, { cwd: root, env, extendEnv: false, reject: false, detached: true });
}

test.each(["core", "core/terraform.tfstate", "state/1/dev", "artifacts/3/prod"])(
  "killed as soon as %s exists, running it again completes it",
  async (landmark) => {
    const killed = startBootstrap();
    const exists = () => existsSync(join(directory, "home", landmark));
    await vi.waitUntil(exists, { timeout: 20_000, interval: 1 });
    process.kill(-(killed.pid ?? 0), "SIGKILL");
    expect((await killed).signal).toBe("SIGKILL");

    expect((await startBootstrap()).exitCode).toBe(0);
    const { bindings } = await loadRegistry(join(directory, "home/core/registry.json"));
    expect(bindings).toHaveLength(9);
    for (const { backend, artifacts } of bindings.map(localBinding)) {
      expect([backend.directory, artifacts.directory].map(existsSync)).toEqual([true, true]);
    }
  },
);
