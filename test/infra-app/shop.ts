import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { findTerraform } from "../../adapters/terraform/find.ts";

const root = join(import.meta.dirname, "../..");
const source = join(root, "infra-app");

/** A checkout of the reference application in a directory of its own. */
export interface Shop {
  readonly directory: string;
  release(version: string, healthy?: boolean): Promise<void>;
  synth(variables: Record<string, string>): Promise<void>;
  /** Runs Terraform in one stack's synthesized directory; resolves to everything it printed. */
  terraform(stack: string, ...args: string[]): Promise<string>;
  /** Both stacks, upstream first. */
  apply(): Promise<string>;
  destroy(): Promise<void>;
  remove(): Promise<void>;
}

export async function checkOutShop(): Promise<Shop> {
  const directory = await mkdtemp(join(tmpdir(), "shop-"));
  await cp(source, directory, {
    recursive: true,
    filter: (path) => !/\/(node_modules|dist|cdktf\.out)$/.test(path),
  });
  await symlink(join(source, "node_modules"), join(directory, "node_modules"));
  const command = await findTerraform(process.env);
  const env = { PATH: process.env.PATH ?? "" };

  const shop: Shop = {
    directory,
    release: (version, healthy = true) =>
      writeFile(join(directory, "release.json"), JSON.stringify({ version, healthy })),
    synth: async (variables) => {
      await execa("node", ["synth.mjs"], { cwd: directory, env: { ...env, ...variables }, extendEnv: false });
    },
    terraform: async (stack, ...args) => {
      const cwd = join(directory, "cdktf.out/stacks", stack);
      const { all } = await execa(command, args, { cwd, env, extendEnv: false, all: true });
      return all;
    },
    apply: async () => {
      let output = "";
      for (const stack of ["network", "service"]) {
        await shop.terraform(stack, "init", "-input=false", "-no-color");
        output += await shop.terraform(stack, "apply", "-auto-approve", "-input=false", "-no-color");
      }
      return output;
    },
    destroy: async () => {
      for (const stack of ["service", "network"])
        await shop.terraform(stack, "destroy", "-auto-approve", "-no-color");
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
  return shop;
}

/** A TCP port of the loopback interface that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return address.port;
}
