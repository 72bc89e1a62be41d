import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { WaymarkError } from "../../promotion/failure.ts";

/**
 * The text of a regular file that a repository or its app made, or undefined when there is none. Never follows a link:
 * it could point at the worker's own files, whose content would then show up in a message.
 * Errors: `file-refused` (user) for a link, a directory, or more than `limit` bytes.
 */
export async function readPlainFile(path: string, limit: number): Promise<string | undefined> {
  // Non-blocking, or a named pipe would hold the worker for ever.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw refused(path, "is not a regular file", error);
  });
  if (!file) return undefined;
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw refused(path, "is not a regular file");
    if (stat.size > limit) throw refused(path, `is larger than ${limit} bytes`);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

function refused(path: string, reason: string, cause?: unknown): WaymarkError {
  return new WaymarkError({
    code: "file-refused",
    source: "user",
    class: "code",
    message: `${basename(path)} ${reason}.`,
    next: "Commit it as a plain file of ordinary size.",
    cause,
  });
}
