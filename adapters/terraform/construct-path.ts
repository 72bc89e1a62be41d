import { join } from "node:path";
import { z } from "zod";
import { stackFile } from "../synth/manifest.ts";
import { readPlainFile } from "../synth/plain-file.ts";
import type { Diagnostic } from "./event.ts";

/** The construct that made the part of a stack which a diagnostic is about; undefined: not known. */
export type ConstructOf = (diagnostic: Pick<Diagnostic, "address" | "snippet">) => string | undefined;

const elementSchema = z.object({ "//": z.object({ metadata: z.object({ path: z.string().max(1000) }) }) });
const typedSchema = z.record(z.string(), z.unknown()).catch({});
const limit = 64 * 1024 * 1024;

/** Reads what CDKTF noted beside each element of a synthesized stack: the path of its construct. Never rejects. */
export async function readConstructs(stackDirectory: string): Promise<ConstructOf> {
  const text = await readPlainFile(join(stackDirectory, stackFile), limit).catch(() => undefined);
  const stack = parse(text ?? "{}");
  return ({ address, snippet }) => {
    const place = placeOfAddress(address ?? "") ?? snippet?.context?.split(".");
    return place && pathAt(stack, place);
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where an address such as `data.a.b["k"]`, `module.m["k"].a.b` or `a.b[0]` stands in the stack's JSON. */
function placeOfAddress(address: string): string[] | undefined {
  const [, data, type, name] = /^(data\.)?([\w-]+)\.([\w-]+)/.exec(address) ?? [];
  if (!type || !name) return undefined;
  if (type === "module") return ["module", name];
  return [data ? "data" : "resource", type, name];
}

/** The path of the deepest element on the way that has one. */
function pathAt(stack: unknown, place: readonly string[]): string | undefined {
  let node = stack;
  let path: string | undefined;
  for (const key of place) {
    const keys = typedSchema.parse(node);
    node = Object.hasOwn(keys, key) ? keys[key] : undefined;
    path = elementSchema.safeParse(node).data?.["//"].metadata.path ?? path;
  }
  return path;
}
