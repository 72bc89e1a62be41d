import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { WaymarkError } from "../promotion/failure.ts";
import type { Core, CoreTools } from "./core.ts";
import { loadCoreConfig } from "./targets/local/config.ts";
import { localCore } from "./targets/local/core.ts";

const targeted = z.looseObject({ target: z.unknown() });

/**
 * The core stack that a configuration file describes.
 * @throws WaymarkError `core-config-missing` or `core-config-invalid` (user)
 */
export async function openCore(file: string, tools: CoreTools): Promise<Core> {
  if ((await targetOf(file)) !== "aws") return localCore(await loadCoreConfig(file), tools);
  // Its bindings take half a gigabyte, and are installed for who uses them.
  const { openAwsCore } = await import("./targets/aws/open.ts");
  return await openAwsCore(file, tools);
}

/** Undefined also for what is no YAML: whoever reads the whole file says what is wrong with it. */
async function targetOf(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw missing(file, cause);
  });
  try {
    return targeted.parse(parse(text)).target;
  } catch {
    return undefined;
  }
}

const missing = (file: string, cause: unknown): WaymarkError =>
  new WaymarkError({
    code: "core-config-missing",
    source: "user",
    class: "configuration",
    message: `The core configuration ${file} can't be read: ${cause instanceof Error ? cause.message : cause}.`,
    next: "Write it (the README says how), or name another file with --config.",
    cause,
  });
