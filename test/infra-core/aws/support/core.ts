import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { parseStack, type Stack } from "../../../../demo/aws/core/stack.ts";
import { loadAwsCoreConfig } from "../../../../infra-core/targets/aws/config.ts";
import { synthesizeAwsCore } from "../../../../infra-core/targets/aws/synth.ts";

const role = (account: string, name: string, partition = "aws") =>
  `arn:${partition}:iam::${account}:role/${name}`;

export const accounts = { core: "111111111111", shared: "222222222222", prod: "333333333333" } as const;
export const service = role(accounts.core, "workers");
export const administrator = (account: string) => role(account, "admin");
export const provisioner = role(accounts.prod, "provisioner");

/** Dev and staging share an account, prod has one of its own in another region. */
const usual = {
  version: 1,
  target: "aws",
  service,
  administrators: [...Object.values(accounts).map(administrator), provisioner],
  github: { appId: 4711 },
  core: { account: accounts.core, region: "eu-central-1" },
  environments: [
    {
      name: "prod",
      branch: "prod",
      after: "staging",
      account: accounts.prod,
      region: "us-east-2",
      provisioner,
    },
    { name: "dev", branch: "dev", account: accounts.shared, region: "eu-central-1" },
    { name: "staging", branch: "main", after: "dev", account: accounts.shared, region: "eu-central-1" },
  ],
  repositories: [
    { id: 1001, fullName: "acme/Shop" },
    { id: 1002, fullName: "acme/site" },
  ],
};

/** The usual installation in a partition whose accounts all are in one region. */
export function inPartition(partition: string, region: string) {
  const there = { account: accounts.prod, region };
  return {
    service: role(accounts.prod, "workers", partition),
    administrators: [role(accounts.prod, "admin", partition)],
    core: there,
    environments: [{ name: "prod", branch: "prod", ...there }],
  };
}

/** Reads `core.yml`, the usual one with these differences. */
export async function configure(differences: Record<string, unknown> = {}) {
  const directory = await mkdtemp(join(tmpdir(), "core-aws-"));
  try {
    const file = join(directory, "core.yml");
    await writeFile(file, stringify({ ...usual, ...differences }));
    return await loadAwsCoreConfig(file);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The synthesized stacks, by name. */
export async function synthesize(
  differences: Record<string, unknown> = {},
  state: Parameters<typeof synthesizeAwsCore>[1] = { type: "bucket" },
): Promise<ReadonlyMap<string, Stack>> {
  const config = await configure(differences);
  const outdir = await mkdtemp(join(tmpdir(), "core-aws-"));
  try {
    synthesizeAwsCore(config, state, outdir);
    const names = await readdir(join(outdir, "stacks"));
    const stacks = names.map(async (name) => {
      const text = await readFile(join(outdir, "stacks", name, "cdk.tf.json"), "utf8");
      return [name, parseStack(name, text)] as const;
    });
    return new Map(await Promise.all(stacks));
  } finally {
    await rm(outdir, { recursive: true });
  }
}

/** The stack of that name, which must be there. */
export function stackOf(stacks: ReadonlyMap<string, Stack>, name: string): Stack {
  const stack = stacks.get(name);
  if (stack === undefined) throw new Error(`There is no stack ${name}, only ${[...stacks.keys()]}.`);
  return stack;
}
