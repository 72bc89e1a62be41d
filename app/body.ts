import type { IncomingMessage } from "node:http";

/** GitHub never sends more. */
export const maximumBody = 25 * 1024 * 1024;

/** The whole body, or undefined as soon as it is known to be larger than the maximum: then nothing is kept. */
export async function readBody(request: IncomingMessage, maximum = maximumBody): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > maximum) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > maximum) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
