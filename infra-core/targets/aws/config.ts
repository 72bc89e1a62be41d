import { z } from "zod";
import { forbidsSchema } from "../../../adapters/registry/forbids.ts";
import { environmentMistakes, repositoryMistakes } from "../../../adapters/registry/mistakes.ts";
import { environmentSchema, repositorySchema } from "../../../adapters/registry/schema.ts";
import { readConfigFile } from "../../config-file.ts";
import { accountOf } from "./arn.ts";
import { placeMistakes } from "./mistakes.ts";

// Strict shapes, since all of it becomes Terraform's configuration, where ${ would start an expression.
const account = z.string().regex(/^[0-9]{12}$/, { message: "must be twelve digits, in quotation marks" });
const region = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, { message: "must be a region, for example eu-central-1" });
const arnOf = (kind: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:iam::([0-9]{12}|aws):${kind}/[\\w+=,.@/-]+$`), {
    message: `must be the ARN of a ${kind}`,
  });

const place = { account, region, provisioner: arnOf("role").optional() };

const awsEnvironmentSchema = environmentSchema.extend({
  ...place,
  service: arnOf("role").optional(),
  policies: z.array(arnOf("policy")).max(5).default([]),
  assumable: z.array(arnOf("role")).max(10).default([]),
  forbids: forbidsSchema.optional(),
});

const awsCoreConfigSchema = z.strictObject({
  version: z.literal(1),
  target: z.literal("aws"),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,11}$/, { message: "must be lower-case letters and digits, 12 at most" })
    .default("waymark"),
  service: arnOf("role"),
  administrators: z.array(arnOf("role")).min(1),
  github: z.strictObject({ appId: z.int().positive() }),
  core: z.strictObject(place),
  /** Where the registry is written; beside this file when it says nothing. */
  registry: z.string().min(1).optional(),
  environments: z.array(awsEnvironmentSchema).min(1),
  repositories: z.array(repositorySchema),
});

type ParsedConfig = z.infer<typeof awsCoreConfigSchema>;

/** An account and a region, and the role that an admin provisions there with (none: the admin's own session). */
export type AwsAccountPlace = Readonly<ParsedConfig["core"]>;

/**
 * An environment, where it is, who deploys it, which managed policies its applies get beside the built-in ones, which roles
 * an app may take from there, and what no app may hold.
 */
export type AwsEnvironment = Readonly<ParsedConfig["environments"][number]> & { readonly service: string };

/** What the admin decides about an installation on AWS: the content of `core.yml`. */
export interface AwsCoreConfig extends Omit<Readonly<ParsedConfig>, "environments"> {
  /** The service's identity is filled in where an environment names none of its own. */
  readonly environments: readonly AwsEnvironment[];
}

/** Who restores what was lost in an account: ARNs of its own roles, at least one. */
export const administratorsOf = ({ administrators }: AwsCoreConfig, account: string): string[] =>
  administrators.filter((arn) => accountOf(arn) === account);

/**
 * Reads the core configuration of the `aws` target, YAML or JSON.
 * @throws WaymarkError `core-config-invalid` (user) that names every mistake, or the file system's error
 */
export async function loadAwsCoreConfig(file: string): Promise<AwsCoreConfig> {
  return await readConfigFile(file, awsCoreConfigSchema, withServices, (config) => [
    ...environmentMistakes(config.environments),
    ...repositoryMistakes(config.repositories),
    ...placeMistakes(config),
  ]);
}

function withServices(config: ParsedConfig): AwsCoreConfig {
  const environments = config.environments.map((environment) => ({
    ...environment,
    service: environment.service ?? config.service,
  }));
  return { ...config, environments };
}
