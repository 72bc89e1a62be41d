import { type Refusal, refusalAt, type SynthesizedPart } from "./refusal.ts";
import { findName } from "./spelling.ts";

/**
 * Refuses a part whose text names a place of another environment or repository. A name that an expression puts together
 * is not found: there the role, the bucket's policy and the sandbox say no. Error (user): `foreign-place`.
 */
export function refuseForeignPlaces(part: SynthesizedPart, text: string, names: readonly string[]): void {
  const name = findName(text, names);
  if (name !== undefined) throw refusalAt(part, foreign(name));
}

const foreign = (name: string): Refusal => ({
  code: "foreign-place",
  what: `which names a place of another environment or repository: ${name}`,
  next: "Refer to what is this environment's own. What another stack made is read by a reference in the app.",
});
