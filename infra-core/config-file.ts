import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import type { z } from "zod";
import { describeIssue } from "../adapters/registry/parse.ts";
import { WaymarkError } from "../promotion/failure.ts";

/**
 * Reads what an admin wrote, YAML or JSON, in the shape a target asks for. `mistakes` finds what no shape can say.
 * @throws WaymarkError `core-config-invalid` (user) that names every mistake, or the file system's error
 */
export async function readConfigFile<Parsed, Config>(
  file: string,
  schema: z.ZodType<Parsed>,
  complete: (parsed: Parsed) => Config,
  mistakes: (config: Config) => readonly string[],
): Promise<Config> {
  const result = schema.safeParse(parseYaml(await readFile(file, "utf8"), file));
  if (!result.success) throw invalidConfig(file, result.error.issues.map(describeIssue));
  const config = complete(result.data);
  const found = mistakes(config);
  if (found.length > 0) throw invalidConfig(file, found);
  return config;
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
    next: "Correct the file, then run this again.",
  });
}
