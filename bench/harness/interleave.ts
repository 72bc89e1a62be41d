/** One of the things that are compared. */
export interface Side<Name extends string, Input> {
  readonly name: Name;
  /** Takes one sample; `input` is the same for all sides of a round. */
  measure(input: Input): Promise<number>;
}

/** The samples of each side, by its name; the n-th of all sides belong together. */
export type Samples<Name extends string> = (name: Name) => readonly number[];

export interface Interleaving<Name extends string, Input> {
  readonly rounds: number;
  /** What a round needs before anything of it is measured. */
  prepare(round: number): Promise<Input>;
  readonly sides: readonly Side<Name, Input>[];
  readonly tell: (line: string) => void;
}

/**
 * Takes samples round by round, one of each side a round. Every round begins with another side, so that what changes in
 * the course of a run, and what one side leaves warm for the next, meets all of them alike.
 */
export async function interleave<Name extends string, Input>(
  interleaving: Interleaving<Name, Input>,
): Promise<Samples<Name>> {
  const { rounds, prepare, sides, tell } = interleaving;
  const samples = new Map<Name, number[]>(sides.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const input = await prepare(round);
    const taken: string[] = [];
    for (const { name, measure } of turned(sides, round)) {
      const sample = await measure(input);
      samples.get(name)?.push(sample);
      taken.push(`${name} ${sample.toPrecision(4)}`);
    }
    tell(`${round + 1}/${rounds}: ${taken.join(", ")}`);
  }
  return (name) => samples.get(name) ?? [];
}

function turned<T>(all: readonly T[], by: number): readonly T[] {
  const first = by % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}
