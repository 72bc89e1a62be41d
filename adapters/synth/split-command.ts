import { WaymarkError } from "../../promotion/failure.ts";

/** A quoted part, an escaped character, or plain characters that mean nothing to a shell. */
const part = /^(?:'([^']*)'|"((?:[^"\\$`]|\\["\\$`])*)"|\\([^\n])|([^\s'"\\$`;&|<>()*?[\]{}#!~]+))/;

/**
 * Splits a command line into words as a shell would, without one: quotes and backslashes are understood, everything
 * that only a shell could do is refused.
 * Errors: `command-refused` (user), with the place.
 */
export function splitCommand(line: string): string[] {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== "") {
    const [word, after] = takeWord(rest, line);
    words.push(word);
    rest = after.trimStart();
  }
  const first = words[0];
  if (first === undefined) throw refused(line, "it is empty");
  if (/^[A-Za-z_]\w*=/.test(first)) throw refused(line, "it sets a variable; use `variables` in the policy");
  return words;
}

/** The first word and the text after it. */
function takeWord(text: string, line: string): [string, string] {
  let word = "";
  let rest = text;
  while (rest !== "" && !/^\s/.test(rest)) {
    const match = part.exec(rest);
    if (!match) throw refused(line, `only a shell understands it from here: ${rest.slice(0, 20)}`);
    word += match[1] ?? match[2]?.replace(/\\(.)/g, "$1") ?? match[3] ?? match[4] ?? "";
    rest = rest.slice(match[0].length);
  }
  return [word, rest];
}

function refused(line: string, reason: string): WaymarkError {
  return new WaymarkError({
    code: "command-refused",
    source: "user",
    class: "code",
    message: `The command "${line.slice(0, 200)}" in cdktf.json can't be run: ${reason}.`,
    next: "Write one program with its arguments, such as `node main.js`; put several steps into a script.",
  });
}
