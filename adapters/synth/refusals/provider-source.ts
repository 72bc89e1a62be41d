import { isObject, type StackElement } from "./elements.ts";

const usualHosts: ReadonlySet<string> = new Set(["registry.terraform.io", "registry.opentofu.org"]);

/** A source that is no expression. Terraform also reads capitals and wide letters as these: no need to know which. */
const plainSource = /^[a-z0-9._:/-]+$/;

/** A source in full, without the usual registry's name; undefined: only Terraform can tell. */
export function normalSource(source: unknown): string | undefined {
  const text = String(source).toLowerCase();
  if (typeof source !== "string" || !plainSource.test(text)) return undefined;
  const parts = text.split("/");
  if (parts.length === 1) return `hashicorp/${text}`;
  return parts.length === 3 && usualHosts.has(parts[0] ?? "") ? parts.slice(1).join("/") : text;
}

/** Whether a source is a forbidden one, given without a host: then from wherever. */
export const isSource = (source: string, forbidden: string): boolean =>
  forbidden.split("/").length === 2
    ? source.split("/").slice(-2).join("/") === forbidden
    : source === forbidden;

/** Names that a stack gives to providers, and their sources; undefined where those can't be told. */
export type DeclaredSources = ReadonlyMap<string, string | undefined>;

export function declaredSources(terraform: Readonly<Record<string, unknown>>): DeclaredSources {
  const blocks = [terraform.required_providers].flat(Number.POSITIVE_INFINITY).filter(isObject);
  return new Map(
    blocks.flatMap((block) => Object.entries(block).map(([name, value]) => [name, sourceIn(name, value)])),
  );
}

/** Earlier a version stood in place of the object. A name within the object may be an expression, too. */
function sourceIn(name: string, value: unknown): string | undefined {
  if (typeof value === "string") return defaultSource(name);
  if (!isObject(value) || !Object.keys(value).every((key) => /^[\w/]+$/.test(key))) return undefined;
  return value.source === undefined ? defaultSource(name) : normalSource(value.source);
}

export const sourceOf = (name: string, declared: DeclaredSources): string | undefined =>
  declared.has(name) ? declared.get(name) : defaultSource(name);

const defaultSource = (name: string): string =>
  name === "terraform" ? "terraform.io/builtin/terraform" : `hashicorp/${name.toLowerCase()}`;

/** What a block calls its provider; undefined: it has none. */
export function providerOf({ section, labels: [label = ""], value }: StackElement): string | undefined {
  if (section === "provider") return label;
  if (!withProvider.has(section)) return undefined;
  const chosen = isObject(value) && typeof value.provider === "string" ? value.provider : undefined;
  return /[\w-]+/.exec(chosen ?? "")?.[0] ?? label.split("_")[0];
}

const withProvider: ReadonlySet<string> = new Set(["resource", "data", "ephemeral", "list", "action"]);
