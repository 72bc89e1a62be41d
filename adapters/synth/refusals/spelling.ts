import { posix } from "node:path";

/**
 * A text with every letter spelled as itself, in small. JSON and HCL know each letter as \\uNNNN too, HCL also as
 * \\UNNNNNNNN, and HCL within JSON has its backslashes doubled. Rather too much is resolved than too little: a text that
 * looks like a name is taken for it.
 */
export const unescaped = (text: string): string =>
  text.replace(/(?<!\\)\\+(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([nrtbf"/]))/g, resolve).toLowerCase();

function resolve(_: string, short?: string, long?: string, control?: string): string {
  if (control !== undefined) return /\w/.test(control) ? "\n" : control;
  const code = Number.parseInt(long ?? short ?? "", 16);
  return code > 0x10ffff ? "" : String.fromCodePoint(code);
}

/** The same with %NN in addresses resolved, and with paths that don't go round. */
const direct = (text: string): string =>
  text
    .replace(/%([2-7][0-9a-f])/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/[^\s"'`(){}<>,;|&$=]+/g, (word) => (/\/\.?\.?\//.test(word) ? posix.normalize(word) : word))
    .toLowerCase();

/** The first of these names that a text holds, as a whole: `state-1` is neither in `state-12` nor in `my.state-1`. */
export function findName(text: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const letters = unescaped(text);
  const spellings = [letters, direct(letters)];
  const words = new Set(spellings.flatMap(wordsIn));
  return names.find((name) => {
    const spelled = name.toLowerCase();
    // Of the hundreds of places in a registry few are looked for in earnest.
    if (!wordsIn(spelled).every((word) => words.has(word))) return false;
    return spellings.some((one) => holds(one, one === letters ? spelled : direct(spelled)));
  });
}

const wordsIn = (text: string): readonly string[] => text.match(/[a-z0-9_]+/g) ?? [];

function holds(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(at + name.length, at + name.length + 4);
    // An absolute path is the same below another root, as in /proc/self/root or /private.
    const begins = name.startsWith("/") || !/[\w-]\.?$/.test(before);
    if (begins && !goesOn.test(after)) return true;
  }
  return false;
}

/** A dot and a word make a name longer, unless they are S3's own, as in `bucket.s3.amazonaws.com`. */
const goesOn = /^(?:[\w-]|\.(?!s3[.-])[\w-])/;
