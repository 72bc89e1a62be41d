import type { Forbids } from "../../registry/forbids.ts";
import type { BackendBlock } from "../backend-block.ts";
import type { StackJson } from "../stack-json.ts";
import { elementsOf, isObject, type StackElement } from "./elements.ts";
import { declaredSources, isSource, normalSource, providerOf, sourceOf } from "./provider-source.ts";
import { type Refusal, refusalAt, type SynthesizedPart } from "./refusal.ts";

/** Refuses the first part of a stack that its environment forbids. Error (user): `forbidden-by-binding`. */
export function refuseForbidden(
  json: StackJson,
  elements: readonly StackElement[],
  original: BackendBlock | undefined,
  forbids: Forbids,
): void {
  const all = elements.flatMap((element) => [element, ...withinCheck(element)]);
  refuseBackend(elements[0]?.stack, original, forbids.backends ?? []);
  refuseProviders(json, all, forbids.providers ?? []);
  for (const element of all) refuseType(element, forbids);
}

/** A check has data sources of its own. */
function withinCheck({ section, stack = "", address, value }: StackElement): StackElement[] {
  if (section !== "check") return [];
  const blocks = [value].flat(Number.POSITIVE_INFINITY).filter(isObject);
  return blocks.flatMap(({ data }) =>
    elementsOf(stack, { data }).map((inner) => ({ ...inner, address: `${address}.${inner.address}` })),
  );
}

function refuseBackend(
  stack: string | undefined,
  original: BackendBlock | undefined,
  backends: readonly string[],
): void {
  if (original === undefined || !backends.includes(original.type)) return;
  const part = { stack, address: `terraform.backend.${original.type}` };
  throw refusalAt(part, forbidden(`the backend ${original.type}`));
}

function refuseProviders(
  json: StackJson,
  elements: readonly StackElement[],
  providers: readonly string[],
): void {
  if (providers.length === 0) return;
  const declared = declaredSources(json.terraform);
  const judge = (part: SynthesizedPart, name: string) => {
    const source = sourceOf(name, declared);
    if (source === undefined) throw refusalAt(part, forbidden(`a provider of unknown source, ${name}`));
    const found = providers.find((provider) => isSource(source, normalSource(provider) ?? provider));
    if (found !== undefined) throw refusalAt(part, forbidden(`the provider ${found}`));
  };
  for (const element of elements) {
    const name = providerOf(element);
    if (name !== undefined) judge(element, name);
  }
  const stack = elements[0]?.stack;
  for (const name of declared.keys()) judge({ stack, address: `terraform.required_providers.${name}` }, name);
}

function refuseType(element: StackElement, { dataSources = [], resources = [] }: Forbids): void {
  const [type = ""] = element.labels;
  if (readers.has(element.section) && dataSources.includes(type))
    throw refusalAt(element, forbidden(`the data source ${type}`));
  if (element.section === "resource" && resources.includes(type))
    throw refusalAt(element, forbidden(`the resource ${type}`));
}

const readers: ReadonlySet<string> = new Set(["data", "ephemeral"]);

export const forbidden = (what: string): Refusal => ({
  code: "forbidden-by-binding",
  what: `and this environment forbids ${what}`,
  next: "Do without it, or ask the admin, who lists what is forbidden in core.yml.",
});
