import { open } from "node:fs/promises";

/** The last bytes of a file as text. What a program printed may be larger than any memory. */
export async function readEnd(path: string, bytes: number): Promise<string> {
  await using file = await open(path, "r");
  const { size } = await file.stat();
  const buffer = Buffer.alloc(Math.min(size, bytes));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, size - buffer.length);
  return buffer.subarray(0, bytesRead).toString();
}
