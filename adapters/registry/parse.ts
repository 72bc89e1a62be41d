import { z } from "zod";
import { WaymarkError } from "../../promotion/failure.ts";
import { findMistakes } from "./mistakes.ts";
import { type Registry, registrySchema } from "./schema.ts";

/**
 * Reads a core registry from its JSON text.
 * @param file only for the message
 * @throws WaymarkError `registry-invalid` (service) that names every mistake
 */
export function parseRegistry(text: string, file: string): Registry {
  const result = registrySchema.safeParse(parseJson(text, file));
  const mistakes = result.success ? findMistakes(result.data) : result.error.issues.map(describeIssue);
  if (result.success && mistakes.length === 0) return result.data;
  throw invalidRegistry(file, mistakes);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidRegistry(file, [error instanceof Error ? error.message : String(error)]);
  }
}

/** One mistake that zod found, with the place where it is: `environments[0].name: must be …`. */
export function describeIssue({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`;
}

function invalidRegistry(file: string, mistakes: readonly string[]): WaymarkError {
  return new WaymarkError({
    code: "registry-invalid",
    source: "service",
    class: "configuration",
    message: `The core registry ${file} is not valid: ${mistakes.join("; ")}.`,
    next: "Correct the core stack's configuration (core.yml), then: npm run core -- apply",
  });
}
