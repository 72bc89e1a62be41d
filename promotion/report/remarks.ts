import { code, paragraphs } from "./markdown.ts";

/** A tool of which a bundle was sealed with another version. */
export interface OtherTool {
  readonly name: string;
  readonly sealed: string;
  /** Undefined: there is none any more. */
  readonly now: string | undefined;
}

/** Something about where a deployment's bytes came from that people should know. */
export type Remark =
  | { readonly kind: "synth-reused" }
  /** Paths in the output. */
  | { readonly kind: "nondeterministic-synth"; readonly files: readonly string[] }
  /** What is wrong with the sealed bytes, as a sentence. */
  | { readonly kind: "bundle-gone"; readonly reason: string }
  /** Why what was applied is on one machine only, as a sentence. */
  | { readonly kind: "bundle-not-copied"; readonly reason: string }
  | { readonly kind: "other-tools"; readonly tools: readonly OtherTool[] };

/** The remarks as Markdown. */
export function remarksText(remarks: readonly Remark[]): string {
  return paragraphs(...remarks.map(remarkText));
}

function remarkText(remark: Remark): string {
  switch (remark.kind) {
    case "synth-reused":
      return "Synth was not run: the same files were synthesized before with the same variables and tools.";
    case "nondeterministic-synth":
      return nondeterministicText(remark.files);
    case "bundle-gone":
      return `**Synthesized again:** the bytes that ran before can't be applied again, so this commit was synthesized anew and may differ from them. ${code(remark.reason)}`;
    case "bundle-not-copied":
      return notCopiedText(remark.reason);
    case "other-tools":
      return `Sealed with other tools than are here now: ${remark.tools.map(toolText).join(", ")}.`;
  }
}

function notCopiedText(reason: string): string {
  return paragraphs(
    `**Warning, bundle not copied:** the bytes that were applied are on this worker's machine, and not in the environment's bucket yet. ${code(reason)}`,
    "**What to do:** Nothing, if that passes: the next deployment of this environment copies them. Until then a rollback on another machine synthesizes this commit again.",
  );
}

/** So many files are named; more would bury what matters. */
const namedFiles = 10;

function nondeterministicText(files: readonly string[]): string {
  const named = files.slice(0, namedFiles).map(code).join(", ");
  const more = files.length > namedFiles ? ` and ${files.length - namedFiles} more` : "";
  return paragraphs(
    `**Warning, nondeterministic synth:** the same files were synthesized before with the same variables and tools, and came out differently: ${named}${more}. What came out now was used.`,
    "**What to do:** Let the app synthesize the same each time: no random values, no time of day, no unordered lists. Otherwise what was reviewed may not be what is deployed.",
  );
}

const toolText = ({ name, sealed, now }: OtherTool): string =>
  `${code(name)} ${code(sealed)}, now ${now === undefined ? "missing" : code(now)}`;
