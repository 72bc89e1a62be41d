import { writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import type { CreatedRepository } from "../../github/owner/repositories.ts";
import { inherited } from "../../stage/inherited.ts";
import { serviceArn } from "../account.ts";
import { motoAccount, motoRegion } from "../moto.ts";
import type { Aws } from "../open.ts";

const root = path.resolve(import.meta.dirname, "../../..");

/** What the admin of a stage on AWS works with. */
export interface AwsCore {
  /** Where `core.yml` is written. */
  readonly directory: string;
  readonly aws: Aws;
  readonly repository: Pick<CreatedRepository, "id" | "fullName">;
}

const account = { account: motoAccount, region: motoRegion };

/** Bootstraps the core stack; gives why Terraform could not make it, and it was made by API; undefined: it could. */
export async function bootstrapAwsCore({ directory, aws, repository }: AwsCore): Promise<string | undefined> {
  const config = {
    version: 1,
    target: "aws",
    service: serviceArn,
    administrators: [`arn:aws:iam::${motoAccount}:role/admin`],
    github: { appId: 1 },
    core: account,
    registry: aws.registry,
    environments: [
      { name: "dev", branch: "dev", ...account },
      { name: "staging", branch: "main", after: "dev", ...account },
      { name: "prod", branch: "prod", after: "staging", ...account },
    ],
    repositories: [{ id: repository.id, fullName: repository.fullName }],
  };
  const file = coreFile(directory);
  await writeFile(file, JSON.stringify(config));
  const problem = await asAdmin(aws, "demo/aws/core/apply.ts", file, repository.fullName);
  return problem === "" ? undefined : problem;
}

/** `npm run core -- verify`: what it printed, line by line. It fails unless everything is proven. */
export async function verifyAwsCore({
  directory,
  aws,
}: Pick<AwsCore, "directory" | "aws">): Promise<string[]> {
  const printed = await asAdmin(aws, "infra-core/cli.ts", "verify", "--config", coreFile(directory));
  return printed.split("\n");
}

const coreFile = (directory: string): string => path.join(directory, "core.json");

async function asAdmin({ administrator }: Aws, program: string, ...args: readonly string[]): Promise<string> {
  const env = { ...inherited(), ...administrator };
  const command = ["--import", "tsx", program, ...args];
  const { stdout } = await execa(process.execPath, command, { cwd: root, env, extendEnv: false });
  return stdout;
}
