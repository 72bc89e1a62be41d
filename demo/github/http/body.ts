import type { IncomingMessage } from "node:http";
import { ApiError } from "./api-error.ts";

/** Reads a request's body whole. 413 if it is longer than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new ApiError(413, "Payload too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const jsonLimit = 1024 * 1024;

/** A JSON body, undefined if there was none; or why it can't be used. */
export type Body =
  | { readonly value: unknown; readonly problem?: never }
  | { readonly value?: never; readonly problem: ApiError };

/** Reads a JSON body. The problem is 400 if it can't be parsed or is no object, 413 if it is too long. */
export async function readJson(request: IncomingMessage): Promise<Body> {
  try {
    return { value: parse((await readBody(request, jsonLimit)).toString()) };
  } catch (problem) {
    if (problem instanceof ApiError) return { problem };
    throw problem;
  }
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  const value = parseText(text);
  if (typeof value !== "object" || value === null) throw new ApiError(400, "Body should be a JSON object");
  return value;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, "Problems parsing JSON");
  }
}
