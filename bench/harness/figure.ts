/** What one bench found out about one name. */
export interface Figure {
  /** `<bench>.<what>`, as in `bench/results.json`. */
  readonly name: string;
  /** What the samples come to, mostly their median. */
  readonly value: number;
  /** Empty for a ratio. */
  readonly unit: string;
  readonly better: "lower" | "higher";
  /** What must be reached; undefined: the figure is there to be known. */
  readonly bar?: number;
  /** What should be reached. */
  readonly aim?: number;
  /** What the value was made of, in the order it was measured. */
  readonly samples: readonly number[];
}

/** True for a value that is as good as the limit, and where there is no limit. */
export function reaches(
  { value, better }: Pick<Figure, "value" | "better">,
  limit: number | undefined,
): boolean {
  if (limit === undefined) return true;
  return better === "lower" ? value <= limit : value >= limit;
}

/** How a bench is told what to do, and tells what it does. */
export interface BenchContext {
  /** An empty directory of its own, removed afterwards. */
  readonly directory: string;
  /** How many samples, or pairs of samples, a median is made of. */
  readonly samples: number;
  readonly say: (line: string) => void;
  /** Has something ended when the bench is over, also when it fails or is interrupted. */
  readonly atEnd: (close: () => Promise<void>) => void;
}

/** Measures one or more figures in one run. */
export interface Bench {
  readonly name: string;
  run(context: BenchContext): Promise<readonly Figure[]>;
}
