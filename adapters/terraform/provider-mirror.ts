import { realpath, stat } from "node:fs/promises";
import { WaymarkError } from "../../promotion/failure.ts";

/** Where providers come from in place of any registry: a directory of this machine, or a server by https. */
export type ProviderMirror =
  | { readonly type: "directory"; readonly path: string }
  | { readonly type: "network"; readonly url: string };

const isAddress = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

/** Whether a text is a path, or an address that Terraform takes. What runs can read it, so it must hold no password. */
export function isProviderMirror(text: string): boolean {
  if (!isAddress(text)) return true;
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return protocol === "https:" && username === "" && password === "";
}

/**
 * The mirror that a setting names. A directory is taken by its own name, since Terraform links to what is in it.
 * Error (service): `provider-mirror-missing`.
 */
export async function findProviderMirror(text: string): Promise<ProviderMirror> {
  if (isAddress(text)) return { type: "network", url: text.endsWith("/") ? text : `${text}/` };
  try {
    const path = await realpath(text);
    if ((await stat(path)).isDirectory()) return { type: "directory", path };
    throw missing(text);
  } catch (error) {
    throw error instanceof WaymarkError ? error : missing(text, error);
  }
}

const missing = (text: string, cause?: unknown): WaymarkError =>
  new WaymarkError({
    code: "provider-mirror-missing",
    source: "service",
    class: "configuration",
    message: `WAYMARK_PROVIDER_MIRROR names no directory: ${text}`,
    next: "Make it, as docs/caches.md says, or name the right one.",
    cause,
  });

/** A provider that this machine has. */
export interface SharedProvider {
  /** `<host>/<namespace>/<type>` */
  readonly address: string;
  /** A filesystem mirror that holds it. */
  readonly path: string;
}

/**
 * What tells Terraform where to look: for what is shared there alone, for all else in the mirror or the registries. Empty:
 * nothing need be said.
 */
export function installationOf(
  mirror: ProviderMirror | undefined,
  shared: readonly SharedProvider[],
): string {
  if (mirror === undefined && shared.length === 0) return "";
  const addresses = shared.map(({ address }) => address);
  const here = shared.map(({ address, path }) => method("filesystem_mirror", { path, include: [address] }));
  const excluded = addresses.length > 0 ? { exclude: addresses } : {};
  return `provider_installation {\n${[...here, elsewhere(mirror, excluded)].join("")}}\n`;
}

function elsewhere(mirror: ProviderMirror | undefined, excluded: object): string {
  if (mirror === undefined) return method("direct", excluded);
  return mirror.type === "directory"
    ? method("filesystem_mirror", { path: mirror.path, ...excluded })
    : method("network_mirror", { url: mirror.url, ...excluded });
}

const method = (name: string, settings: object): string =>
  `  ${name} {\n${Object.entries(settings)
    .map(([key, value]) => `    ${key} = ${JSON.stringify(value)}\n`)
    .join("")}  }\n`;
