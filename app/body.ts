import type { IncomingMessage } from "node:http";

const mebibyte = 1024 * 1024;

/** GitHub never sends more. */
export const maximumBody = 25 * mebibyte;
/** Bytes that all requests together may hold before anybody knows who sent them. */
const maximumHeld = 256 * mebibyte;
/** What a request may bring however much others hold: GitHub's usual delivery is not shut out by large ones. */
const alwaysTaken = mebibyte;

/** `too-large`: more than GitHub ever sends. `crowded`: all requests together bring more than fits in. */
export type Body = { readonly bytes: Buffer } | { readonly refused: "too-large" | "crowded" };

/** Makes a reader of bodies; it gives up a body as soon as it is known to be too large, and then keeps nothing of it. */
export function createBodyReader(): (request: IncomingMessage) => Promise<Body> {
  let held = 0;
  return async (request) => {
    if (Number(request.headers["content-length"] ?? 0) > maximumBody) return { refused: "too-large" };
    const chunks: Buffer[] = [];
    let length = 0;
    try {
      for await (const chunk of request) {
        const bytes = Buffer.from(chunk);
        length += bytes.length;
        held += bytes.length;
        if (length > maximumBody) return { refused: "too-large" };
        if (held > maximumHeld && length > alwaysTaken) return { refused: "crowded" };
        chunks.push(bytes);
      }
      return { bytes: Buffer.concat(chunks) };
    } finally {
      held -= length;
    }
  };
}
