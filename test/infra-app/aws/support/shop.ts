import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parseStack, type Stack } from "../../../../demo/aws/core/stack.ts";

const root = join(import.meta.dirname, "../../../..");
export const source = join(root, "infra-app/targets/aws");

/** Where the packages of its lock file are installed already: a third copy would take 480 MB and half a minute. */
const installed = [
  { from: "infra-core/targets/aws/node_modules", names: ["@cdktn", "cdktn", "constructs"] },
  { from: "infra-app/node_modules", names: ["esbuild", "@esbuild"] },
  { from: "node_modules", names: ["@types", "undici-types"] },
];

export const digest = `sha256:${"a".repeat(64)}`;

/** What the policy gives to synth. */
export const variables = {
  REGION: "eu-central-1",
  HOST: "shop.example",
  CERTIFICATE: "arn:aws:acm:eu-central-1:222222222222:certificate/example",
  IMAGES: "dev/acme/shop",
  BOUNDARY: "waymark/waymark-dev-boundary",
};

/** A checkout of the AWS reference application in a directory of its own. */
export interface AwsShop {
  readonly directory: string;
  /** Synthesizes with these variables and no others. */
  synth(given: Readonly<Record<string, string>>): Promise<void>;
  /** The stacks of the last synth, by name. */
  stacks(): Promise<ReadonlyMap<string, Stack>>;
  remove(): Promise<void>;
}

export async function checkOutAwsShop(): Promise<AwsShop> {
  const directory = await mkdtemp(join(tmpdir(), "shop-aws-"));
  await cp(source, directory, {
    recursive: true,
    filter: (path) => !/\/(node_modules|dist|cdktf\.out)$/.test(path),
  });
  await mkdir(join(directory, "node_modules"));
  for (const { from, names } of installed) {
    for (const name of names) await symlink(join(root, from, name), join(directory, "node_modules", name));
  }
  await writeFile(join(directory, "release.json"), JSON.stringify({ image: digest }));
  return {
    directory,
    synth: async (given) => {
      const env = { PATH: process.env.PATH ?? "", ...given };
      await execa("node", ["synth.mjs"], { cwd: directory, env, extendEnv: false });
    },
    stacks: async () => new Map(await readStacks(join(directory, "cdktf.out/stacks"))),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

async function readStacks(directory: string) {
  const stacks = (await readdir(directory)).map(async (name) => {
    const text = await readFile(join(directory, name, "cdk.tf.json"), "utf8");
    return [name, parseStack(name, text)] as const;
  });
  return Promise.all(stacks);
}
