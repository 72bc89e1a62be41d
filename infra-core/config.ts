import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { environmentMistakes, repositoryMistakes } from "../adapters/registry/mistakes.ts";
import { describeIssue } from "../adapters/registry/parse.ts";
import {
  environmentSchema,
  type RegisteredRepository,
  repositorySchema,
} from "../adapters/registry/schema.ts";
import { defaultEnvironments, type Environment } from "../promotion/environment.ts";
import { WaymarkError } from "../promotion/failure.ts";

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
  const result = coreConfigSchema.safeParse(parseYaml(await readFile(file, "utf8"), file));
  if (!result.success) throw invalidConfig(file, result.error.issues.map(describeIssue));
  const { version, home, repositories, environments = defaultEnvironments } = result.data;
  const mistakes = [...environmentMistakes(environments), ...repositoryMistakes(repositories)];
  if (mistakes.length > 0) throw invalidConfig(file, mistakes);
  return { version, home: resolve(dirname(file), home), environments, repositories };
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw invalidConfig(file, [error instanceof Error ? error.message : String(error)]);
  }
}

function invalidConfig(file: string, mistakes: readonly string[]): WaymarkError {
  return new WaymarkError({
    code: "core-config-invalid",
    source: "user",
    class: "configuration",
    message: `The core configuration ${file} is not valid: ${mistakes.join("; ")}.`,
    next: "Correct the file and bootstrap again.",
  });
}
