import { parseAddress } from "./address.ts";
import { parseRegistry } from "./parse.ts";
import type { Registry } from "./schema.ts";
import { fileSource } from "./sources/file.ts";
import { s3Source } from "./sources/s3.ts";
import type { RegistrySource } from "./sources/source.ts";
import { ssmSource } from "./sources/ssm.ts";

/**
 * Reads the core registry at an address: a file's path, `s3://bucket/key` or `ssm:///parameter/name`.
 * @throws WaymarkError `registry-missing`, `registry-unreachable`, `registry-writable` or `registry-invalid` (service)
 */
export async function loadRegistry(address: string): Promise<Registry> {
  const { text } = await sourceAt(address).read();
  return parseRegistry(text, address);
}

/** The place that an address names. */
export function sourceAt(address: string): RegistrySource {
  const parsed = parseAddress(address);
  if (parsed.type === "s3") return s3Source(parsed);
  return parsed.type === "ssm" ? ssmSource(parsed.name) : fileSource(parsed.path);
}
