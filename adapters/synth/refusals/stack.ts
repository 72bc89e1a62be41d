import type { BackendBlock } from "../backend-block.ts";
import { stackFile } from "../manifest.ts";
import type { StackJson } from "../stack-json.ts";
import type { Bounds } from "./bounds.ts";
import { elementsOf, type StackElement } from "./elements.ts";
import { refuseForbidden } from "./forbidden.ts";
import { refuseForeignPlaces } from "./foreign-places.ts";
import { refuseIdentity } from "./identity.ts";
import { declaredSources, sourceOf } from "./provider-source.ts";
import { findName } from "./spelling.ts";

/**
 * Refuses a stack, with this environment's backends in it already, that leaves its bounds. `original`: the backend that
 * the app had given it; undefined where it had none.
 * Errors (user): `foreign-place`, `foreign-identity`, `forbidden-by-binding`, with stack, address and construct.
 */
export function refuseStack(
  stack: string,
  json: StackJson,
  original: BackendBlock | undefined,
  { foreign, aws, forbids }: Bounds,
): void {
  const elements = elementsOf(stack, json);
  refuseForeignPlacesIn(stack, json, elements, foreign);
  if (aws) refuseIdentities(json, elements, aws.assumable ?? []);
  if (forbids) refuseForbidden(json, elements, original, forbids);
}

/** Block by block only when there is something to find. */
function refuseForeignPlacesIn(
  stack: string,
  json: StackJson,
  elements: readonly StackElement[],
  foreign: readonly string[],
): void {
  const text = JSON.stringify(json);
  if (findName(text, foreign) === undefined) return;
  for (const element of elements)
    refuseForeignPlaces(element, JSON.stringify([element.labels, element.value]), foreign);
  refuseForeignPlaces({ stack, address: stackFile }, text, foreign);
}

function refuseIdentities(
  json: StackJson,
  elements: readonly StackElement[],
  assumable: readonly string[],
): void {
  const declared = declaredSources(json.terraform);
  for (const element of elements) {
    const name = element.section === "provider" ? element.labels[0] : undefined;
    if (name !== undefined && isOfAws(sourceOf(name, declared))) refuseIdentity(element, assumable);
  }
}

/** One whose source can't be told might be. */
const isOfAws = (source: string | undefined): boolean => source === undefined || /\/aws(?:cc)?$/.test(source);
