import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { WaymarkError } from "../../../../promotion/failure.ts";
import type { CoreResult } from "../../../core.ts";
import { applyStack } from "./apply-stack.ts";
import { storedState, storeFirstState } from "./own-bucket.ts";
import { type Installation, withStacks } from "./stacks.ts";

/** The stack that makes the bucket in which all keep their states, itself too. */
const core = "core";

/**
 * Sees to it that the bucket exists and holds the core stack's own state. Until then that is in a local file, which is
 * removed only once the bucket has it: wherever this is interrupted, one of the two is whole.
 * Error (user): `core-state-foreign` when the bucket has the state of another core.
 */
export async function settleOwnState(installation: Installation): Promise<CoreResult> {
  const file = join(installation.directory, `${core}.tfstate`);
  const local = await readIfThere(file);
  const stored = await storedState(installation.config, core);
  if (stored === undefined) return await beginOwnState(installation, file);
  if (local !== undefined && !isSuccessor(stored, local)) throw foreign(file);
  await forget(file);
  return "unchanged";
}

async function beginOwnState(installation: Installation, file: string): Promise<CoreResult> {
  const { directory, config, tools } = installation;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const result = await withStacks(installation, { type: "directory", directory }, async (stacks) => {
    const [stack] = stacks.filter(({ name }) => name === core);
    return stack === undefined ? "unchanged" : await applyStack(stack, installation);
  });
  if (result === "declined") return "declined";
  tools.report(`${core}: its own state moves into its bucket`);
  await storeFirstState(config, core, await readFile(file, "utf8"));
  await forget(file);
  return "done";
}

async function readIfThere(file: string): Promise<string | undefined> {
  return await readFile(file, "utf8").catch(() => undefined);
}

const stateSchema = z.looseObject({ lineage: z.string(), serial: z.int() });

/** Whether a state is the other one, or what became of it. */
function isSuccessor(state: string, other: string): boolean {
  const [later, earlier] = [state, other].map((text) => stateSchema.parse(JSON.parse(text)));
  return (
    later !== undefined &&
    earlier !== undefined &&
    later.lineage === earlier.lineage &&
    later.serial >= earlier.serial
  );
}

async function forget(file: string): Promise<void> {
  for (const path of [file, `${file}.backup`]) await rm(path, { force: true });
}

const foreign = (file: string): WaymarkError =>
  new WaymarkError({
    code: "core-state-foreign",
    source: "user",
    class: "configuration",
    message: `The core bucket holds another state than ${file}, which was never moved there.`,
    next: "Find out which of the two is yours: move the file away, or give this installation another name in core.yml.",
  });
