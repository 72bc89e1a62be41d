import { open } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as delay } from "node:timers/promises";

/** How often a growing file is looked at, in milliseconds. Its end is read at once, without waiting for this. */
const interval = 250;
const chunkSize = 64 * 1024;
/** A longer line is dropped: no event needs it, and it would fill the memory. */
const longestLine = 1024 * 1024;

/** Gives each line of a file that another process writes, until `ended` settles and the file was read to its end. */
export async function followLines(
  path: string,
  ended: Promise<unknown>,
  onLine: (line: string) => void,
): Promise<void> {
  const file = await open(path, "r");
  const lines = splitter(onLine);
  const state = { over: false };
  const over = ended.finally(() => {
    state.over = true;
  });
  try {
    for (;;) {
      const last = state.over;
      for (let text = await read(); text.length > 0; text = await read()) lines.push(text);
      if (last) return lines.end();
      await Promise.race([over, delay(interval, undefined, { ref: false })]);
    }
  } finally {
    await file.close();
  }

  async function read(): Promise<Uint8Array> {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkSize), 0, chunkSize, null);
    return buffer.subarray(0, bytesRead);
  }
}

/** Joins chunks and cuts them into lines. */
function splitter(onLine: (line: string) => void) {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  return {
    push(chunk: Uint8Array): void {
      const parts = (rest + decoder.write(Buffer.from(chunk))).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) if (line.length <= longestLine) onLine(line);
      // One character too many is kept, so that the end of a dropped line is dropped too.
      rest = rest.slice(0, longestLine + 1);
    },
    end(): void {
      if (rest !== "" && rest.length <= longestLine) onLine(rest);
    },
  };
}
