import { it } from "vitest";

/** One thing that an attacker does at one door. */
export interface HostileCase<Input> {
  /** What is done, in a few words. */
  readonly name: string;
  readonly input: Input;
  /** How it is refused: an error's code, an HTTP status, or words of what is said. */
  readonly refused: string;
}

/** The cases of one door. */
export interface Table<Input> {
  /** What has to be afterwards as it was before, in all of them. */
  readonly untouched: string;
  readonly cases: readonly HostileCase<Input>[];
}

/** Builds a table from rows that are easy to read: what is done, with what, and how it is refused. */
export function table<Input>(
  untouched: string,
  rows: readonly (readonly [name: string, input: Input, refused: string])[],
): Table<Input> {
  return { untouched, cases: rows.map(([name, input, refused]) => ({ name, input, refused })) };
}

/** One test for each case; the door's harness attacks, and checks what was refused and what is untouched. */
export function attack<Input>(
  { untouched, cases }: Table<Input>,
  harness: (one: HostileCase<Input>) => void | Promise<void>,
): void {
  for (const one of cases) it(`${one.name} → ${one.refused} (untouched: ${untouched})`, () => harness(one));
}
