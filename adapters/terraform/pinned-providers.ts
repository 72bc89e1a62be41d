import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../synth/json.ts";
import { stackFile } from "../synth/manifest.ts";
import { readPlainFile } from "../synth/plain-file.ts";
import type { TerraformBinary } from "./binary.ts";
import { largestStack, readLock } from "./init-digest.ts";

/** A provider of which a stack says exactly which version it wants. */
export interface PinnedProvider {
  /** `<host>/<namespace>/<type>` */
  readonly address: string;
  readonly version: string;
  /** What the package must be by the stack's lock file; undefined: it has none. */
  readonly hashes: readonly string[] | undefined;
}

const requirementsSchema = z.object({
  terraform: z.object({
    required_providers: z.record(z.string(), z.object({ source: z.string(), version: z.string() })),
  }),
});

const exactVersion = /^=?\s*([0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?)$/;
const wholeAddress = /^[a-z0-9][a-z0-9.-]*(:[0-9]+)?\/[a-z0-9][\w-]*\/[a-z0-9][\w-]*$/;
const defaultHost = { terraform: "registry.terraform.io", opentofu: "registry.opentofu.org" } as const;

/** No stack needs more, and each is fetched by a process of its own. */
const most = 50;

/** Which providers a stack pins, by its lock file or, without one, by its own words. None where that can't be told. */
export async function pinnedProviders(
  directory: string,
  { name }: Pick<TerraformBinary, "name">,
): Promise<PinnedProvider[]> {
  const lock = await readLock(directory);
  if (lock !== null) return lockedProviders(lock).slice(0, most);
  const stack = requirementsSchema.safeParse(await readStack(directory));
  const wanted = Object.values(stack.data?.terraform.required_providers ?? {}).slice(0, most);
  return wanted.flatMap(({ source, version }) => {
    const address = completed(source.toLowerCase(), defaultHost[name]);
    const exact = exactVersion.exec(version)?.[1];
    return exact && wholeAddress.test(address) ? [{ address, version: exact, hashes: undefined }] : [];
  });
}

/** An address may leave out its host, and its namespace too. */
function completed(source: string, host: string): string {
  const parts = source.split("/").length;
  if (parts === 1) return `${host}/hashicorp/${source}`;
  return parts === 2 ? `${host}/${source}` : source;
}

/** Undefined: `init` itself shall say what is wrong with it. */
async function readStack(directory: string): Promise<unknown> {
  try {
    return parseJson((await readPlainFile(join(directory, stackFile), largestStack)) ?? "");
  } catch {
    return undefined;
  }
}

/** What a lock file says, in the form in which Terraform writes it. */
export function lockedProviders(lock: string): PinnedProvider[] {
  const blocks = lock.matchAll(/^provider "([^"\n]+)" \{\n([^}]*)^\}/gm);
  return [...blocks].flatMap(([, address = "", body = ""]) => {
    const version = exactVersion.exec(/^ *version *= "([^"\n]+)"$/m.exec(body)?.[1] ?? "")?.[1];
    if (version === undefined || !wholeAddress.test(address)) return [];
    return [{ address, version, hashes: [...body.matchAll(/"(h1:[^"\n]+)"/g)].map(([, hash = ""]) => hash) }];
  });
}
