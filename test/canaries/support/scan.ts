import { spellings } from "../../../adapters/redact/spellings.ts";

/** Something that people, logs or other programs can read, and where it is. */
export interface Place {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** A planted secret. `allowed`: names of the places that are there to hold it. */
export interface Canary {
  readonly name: string;
  readonly secret: string;
  readonly allowed?: RegExp;
}

/** Every place that holds a canary and should not, as `<canary> in <place>`, in whichever spelling. */
export function leaks(canaries: readonly Canary[], places: readonly Place[]): string[] {
  return places.flatMap(({ name: place, content }) => {
    const text = Buffer.from(content).toString("latin1");
    return canaries
      .filter(({ allowed, secret }) => !allowed?.test(place) && holds(text, secret))
      .map(({ name }) => `${name} in ${place}`);
  });
}

/** JSON web tokens, GitHub's tokens and private keys, whoever they belong to. */
const tokenShape =
  /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}|gh[pousr]_[A-Za-z0-9]{20,}|BEGIN [A-Z ]*PRIVATE KEY/;

/** Names of the places with something that looks like a credential, also one that nobody knew of. */
export function lookalikes(places: readonly Place[]): string[] {
  const found = places.filter(({ content }) => tokenShape.test(Buffer.from(content).toString("latin1")));
  return found.map(({ name }) => name);
}

function holds(text: string, secret: string): boolean {
  const inHex = Buffer.from(secret).toString("hex");
  return [...spellings(secret), inHex].some((spelling) => text.includes(spelling));
}
