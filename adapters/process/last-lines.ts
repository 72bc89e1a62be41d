import { stripVTControlCharacters } from "node:util";

/** The end of a program's output, short enough for a check run and without terminal colours. */
export function lastLines(output: string, lines = 20, characters = 3000): string {
  const plain = stripVTControlCharacters(output).trimEnd();
  return plain.split("\n").slice(-lines).join("\n").slice(-characters);
}
