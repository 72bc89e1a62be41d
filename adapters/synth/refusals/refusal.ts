import { WaymarkError } from "../../../promotion/failure.ts";

/** A part of what an app synthesized: an element of a stack, or a file of a module. */
export interface SynthesizedPart {
  readonly stack?: string | undefined;
  /** As Terraform calls it, or the path of a file. */
  readonly address: string;
  /** The path of the construct that made it; undefined: not known. */
  readonly construct?: string | undefined;
}

export interface Refusal {
  readonly code: "foreign-place" | "foreign-identity" | "foreign-remote-state" | "forbidden-by-binding";
  /** What is wrong there, as the end of a sentence. */
  readonly what: string;
  readonly next: string;
}

const longest = 200;

export function refusalAt(
  { stack, address, construct }: SynthesizedPart,
  { code, what, next }: Refusal,
): WaymarkError {
  const place = `${short(address)}${construct === undefined ? "" : ` (construct ${short(construct)})`}`;
  const owner = stack === undefined ? "The app synthesized" : `Stack ${stack} holds`;
  return new WaymarkError({
    code,
    source: "user",
    class: "code",
    message: `${owner} ${place}, ${short(what)}.`,
    next,
  });
}

const short = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);
