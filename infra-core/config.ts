import { dirname, resolve } from "node:path";
import { z } from "zod";
import { environmentMistakes, repositoryMistakes } from "../adapters/registry/mistakes.ts";
import {
  environmentSchema,
  type RegisteredRepository,
  repositorySchema,
} from "../adapters/registry/schema.ts";
import { defaultEnvironments, type Environment } from "../promotion/environment.ts";
import { readConfigFile } from "./config-file.ts";

// In Terraform's configuration ${ and %{ would start an expression.
const path = z
  .string()
  .regex(/^(?!.*[$%]\{)[^\0\r\n]+$/, { message: "must not be empty, nor hold ${, %{ or line breaks" });

const coreConfigSchema = z.strictObject({
  version: z.literal(1),
  home: path,
  environments: z.array(environmentSchema).min(1).optional(),
  repositories: z.array(repositorySchema),
});

/** What the admin decides: which environments exist, whom Waymark serves, and where this machine keeps their data. */
export interface CoreConfig {
  readonly version: 1;
  /** Absolute; state, artifacts, the core stack's own state and the registry live below it. */
  readonly home: string;
  readonly environments: readonly Environment[];
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
  ({ environments = defaultEnvironments, ...parsed }: z.output<typeof coreConfigSchema>): CoreConfig => ({
    ...parsed,
    home: resolve(directory, parsed.home),
    environments,
  });
