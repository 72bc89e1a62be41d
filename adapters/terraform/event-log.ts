import { rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { followLines } from "./follow.ts";

/** The types of events in which Terraform itself tells what it does. */
export const toldTypes = [
  "version",
  "planned_change",
  "change_summary",
  "resource_drift",
  "outputs",
  "refresh_start",
  "refresh_complete",
  "apply_start",
  "apply_progress",
  "apply_complete",
  "apply_errored",
  "provision_start",
  "provision_complete",
  "provision_errored",
] as const;

const told = z.object({ type: z.enum(toldTypes) });

/**
 * Leaves in the file of a stream what Terraform itself tells: names, actions and times. What programs printed goes,
 * also inside errors: it may hold anything they were given. No effect when there is no such file.
 */
export async function tidyEventLog(file: string): Promise<void> {
  const kept: string[] = [];
  try {
    await followLines(file, Promise.resolve(), (line) => {
      if (isTold(line)) kept.push(`${line}\n`);
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  await writeFile(`${file}.tidy`, kept.join(""), { mode: 0o600 });
  await rename(`${file}.tidy`, file);
}

function isTold(line: string): boolean {
  try {
    return told.safeParse(JSON.parse(line)).success;
  } catch {
    return false;
  }
}
