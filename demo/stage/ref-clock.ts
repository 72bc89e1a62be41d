import { stat } from "node:fs/promises";
import path from "node:path";

/**
 * When a ref of a bare repository came to hold what it holds (milliseconds since 1970), as the file system noted it;
 * undefined: there is no such ref. Costs nobody a process, and no time passes between the move and the note.
 */
export async function movedAt(bareDirectory: string, ref: string): Promise<number | undefined> {
  return await stat(path.join(bareDirectory, ref)).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
