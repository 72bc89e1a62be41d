import { dirname, resolve } from "node:path";
import { z } from "zod";
import { absoluteAddress } from "../../../adapters/registry/address.ts";
import { type Forbids, forbidsSchema } from "../../../adapters/registry/forbids.ts";
import { environmentMistakes, repositoryMistakes } from "../../../adapters/registry/mistakes.ts";
import {
  environmentSchema,
  type RegisteredRepository,
  repositorySchema,
} from "../../../adapters/registry/schema.ts";
import { defaultEnvironments, type Environment } from "../../../promotion/environment.ts";
import { readConfigFile } from "../../config-file.ts";
import { registryFile } from "./home.ts";

// In Terraform's configuration ${ and %{ would start an expression.
const path = z
  .string()
  .regex(/^(?!.*[$%]\{)[^\0\r\n]+$/, { message: "must not be empty, nor hold ${, %{ or line breaks" });

const coreConfigSchema = z.strictObject({
  version: z.literal(1),
  target: z.literal("local").default("local"),
  home: path,
  registry: path.optional(),
  environments: z
    .array(environmentSchema.extend({ forbids: forbidsSchema.optional() }))
    .min(1)
    .optional(),
  repositories: z.array(repositorySchema),
});

/** An environment, and what no app may hold there. */
export interface LocalEnvironment extends Environment {
  readonly forbids?: Forbids | undefined;
}

/** What the admin decides: which environments exist, whom Waymark serves, and where this machine keeps their data. */
export interface CoreConfig {
  readonly version: 1;
  readonly target: "local";
  /** Absolute; state, artifacts, the core stack's own state and the registry live below it. */
  readonly home: string;
  /** Where the registry is written: an absolute path, `s3://…` or `ssm://…`. */
  readonly registry: string;
  readonly environments: readonly LocalEnvironment[];
  readonly repositories: readonly RegisteredRepository[];
}

/**
 * Reads the core configuration, YAML or JSON. A relative `home` is relative to the file.
 * @throws WaymarkError `core-config-invalid` (user) that names every mistake, or the file system's error
 */
export async function loadCoreConfig(file: string): Promise<CoreConfig> {
  return await readConfigFile(
    file,
    coreConfigSchema,
    completeIn(dirname(file)),
    ({ environments, repositories }) => [
      ...environmentMistakes(environments),
      ...repositoryMistakes(repositories),
    ],
  );
}

const completeIn =
  (directory: string) =>
  ({ environments, registry, ...parsed }: z.output<typeof coreConfigSchema>): CoreConfig => {
    const home = resolve(directory, parsed.home);
    return {
      ...parsed,
      home,
      registry: absoluteAddress(registry ?? registryFile(home), directory),
      environments: environments ?? defaultEnvironments,
    };
  };
