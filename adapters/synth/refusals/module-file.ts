import type { Forbids } from "../../registry/forbids.ts";
import type { Bounds } from "./bounds.ts";
import { forbidden } from "./forbidden.ts";
import { refuseForeignPlaces } from "./foreign-places.ts";
import { refuseProviderIn } from "./identity.ts";
import { type Refusal, refusalAt, type SynthesizedPart } from "./refusal.ts";
import { findName, unescaped } from "./spelling.ts";

/** Bytes of one file. */
export const moduleLimit = 4 * 1024 * 1024;

/** Whether Terraform may read a file of this name as configuration. */
export const isConfiguration = (path: string): boolean =>
  /\.(?:tf|tofu)(?:\.json)?$|\.tfvars(?:\.json)?$/i.test(path);

/**
 * Refuses a file of a module's configuration. Nobody but Terraform reads HCL as Terraform does, so it is judged by its
 * words alone, also by those in comments: what might be forbidden is.
 * Errors (user): `foreign-remote-state`, `foreign-place`, `foreign-identity`, `forbidden-by-binding`, with the file.
 */
export function refuseModuleFile(
  file: SynthesizedPart,
  text: string,
  { foreign, aws, forbids }: Bounds,
): void {
  // It can't set a backend. What it could do is read another state.
  if (unescaped(text).includes("terraform_remote_state")) throw refusalAt(file, foreignState);
  refuseForeignPlaces(file, text, foreign);
  if (aws) refuseProviderIn(file, unescaped(text));
  const what = forbids && findForbidden(text, forbids);
  if (what !== undefined) throw refusalAt(file, forbidden(what));
}

const foreignState: Refusal = {
  code: "foreign-remote-state",
  what: "a module's file, which reads a state by itself",
  next: "Keep the whole stack in the app, and pass values to modules as their inputs.",
};

function findForbidden(
  text: string,
  { backends = [], providers = [], dataSources = [], resources = [] }: Forbids,
): string | undefined {
  const plain = unescaped(text);
  const find = (block: string, types: readonly string[]) =>
    types.find((type) => labelled(block, type).test(plain));
  const data = find("data|ephemeral", dataSources);
  if (data !== undefined) return `the data source ${data}`;
  const resource = find("resource", resources);
  if (resource !== undefined) return `the resource ${resource}`;
  const backend = find("backend", backends);
  if (backend !== undefined) return `the backend ${backend}`;
  const provider = providers.find((source) => usesProvider(plain, source));
  if (provider !== undefined) return `the provider ${provider}`;
  const isClear = providers.length === 0 || namesSourcesPlainly(text, plain);
  return isClear ? undefined : "a provider whose source is no plain text";
}

/** By its source, or by a block whose type begins with its name. */
function usesProvider(text: string, provider: string): boolean {
  const [namespace, name = ""] = provider.split("/").slice(-2);
  if (findName(text, [`${namespace}/${name}`]) !== undefined) return true;
  return labelled("resource|data|ephemeral|list|action|provider", `${name}(?:_[\\w-]*)?`).test(text);
}

/** A block of HCL with such a label, a label behind a comment, or a key of JSON. */
const labelled = (block: string, label: string): RegExp =>
  new RegExp(`(?:\\b(?:${block})|\\*/)[^\\S\\n]*"?${label}["\\s{/]|"${label}"\\s*:`);

const blank = String.raw`\s|,|#[^\n]*\n|//[^\n]*\n`;
const plainText = String.raw`"[^"\\$%{}]*"`;
const setting = String.raw`(?:source|version)\s*=\s*${plainText}|configuration_aliases\s*=\s*\[[\s\w.,-]*\]`;
const provider = String.raw`[\w-]+\s*=\s*(?:${plainText}|\{(?:${blank}|${setting})*\})`;
const plainProviders = new RegExp(String.raw`^\s*\{(?:${blank}|${provider})*\}`);

/** Terraform computes what it is told of providers: only a text as it stands says by itself which one is meant. */
function namesSourcesPlainly(text: string, plain: string): boolean {
  if (/"required_providers"\s*:/.test(plain)) return !/[$%]\{/.test(plain);
  const [, ...after] = text.split("required_providers");
  return after.every((rest) => plainProviders.test(rest));
}
