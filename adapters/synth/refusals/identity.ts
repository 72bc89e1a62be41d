import { isObject, type StackElement } from "./elements.ts";
import { type Refusal, refusalAt, type SynthesizedPart } from "./refusal.ts";

/** Settings by which a provider of AWS would act as somebody else than the environment's role. */
const identities: ReadonlySet<string> = new Set([
  "access_key",
  "assume_role",
  "assume_role_with_web_identity",
  "ec2_metadata_service_endpoint",
  "profile",
  "role_arn",
  "secret_key",
  "shared_config_files",
  "shared_credentials_file",
  "shared_credentials_files",
  "token",
]);

/**
 * Refuses a provider of AWS that brings its own identity, other than by a role that the binding lets it take.
 *
 * `endpoints` and `skip_…` are the app's own affair: what is sent there is signed, and holds no key. A signature is for
 * one request to one host, so whoever gets it can do nothing with it elsewhere.
 *
 * Error (user): `foreign-identity`.
 */
export function refuseIdentity(element: StackElement, assumable: readonly string[]): void {
  for (const [name, value] of settingsOf(element.value)) {
    if (!identities.has(name) || value === null) continue;
    if (name === "assume_role" && takesOnly(value, assumable)) continue;
    throw refusalAt(element, foreign(`sets ${name}`));
  }
}

/** A dynamic block sets what it is named after, to what only Terraform knows. */
function settingsOf(value: unknown): [string, unknown][] {
  if (!isObject(value)) return [];
  const dynamic = [value.dynamic].flat(Number.POSITIVE_INFINITY).filter(isObject);
  return [
    ...Object.entries(value),
    ...dynamic.flatMap((block) => Object.keys(block).map((name): [string, unknown] => [name, "dynamic"])),
  ];
}

/** All blocks of `assume_role`, each of which takes the next role. */
function takesOnly(value: unknown, assumable: readonly string[]): boolean {
  const blocks = [value].flat(Number.POSITIVE_INFINITY);
  return blocks.every(
    (block) => isObject(block) && typeof block.role_arn === "string" && assumable.includes(block.role_arn),
  );
}

/** A module's provider would have to be read as Terraform does, to be sure of what it sets. Error: as above. */
export function refuseProviderIn(file: SynthesizedPart, text: string): void {
  if (providerBlock.test(text)) throw refusalAt(file, foreign("configures a provider by itself"));
}

/**
 * In HCL a block with its label, a label behind a comment, or one before a comment; in JSON a key with an object.
 * `provider = aws.west` only chooses one.
 */
const providerBlock =
  /(?:\bprovider|\*\/)[^\S\n]*(?:"[^"\n]*"|[a-z][\w-]*)[^\S\n]*(?:\{|\/\*)|"provider"\s*:\s*[[{]/;

const foreign = (what: string): Refusal => ({
  code: "foreign-identity",
  what: `which ${what}; here an app acts with the environment's own role`,
  next: "Remove that. A role that the app must take is listed by the admin, as assumable in core.yml.",
});
