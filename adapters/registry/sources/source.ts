/** What a place holds, and the mark that changes whenever that does. */
export interface SourceReading {
  readonly text: string;
  readonly mark: string;
}

/** A place that holds a registry. */
export interface RegistrySource {
  /** @throws WaymarkError `registry-missing`, `registry-unreachable` or `registry-writable` (service) */
  read(): Promise<SourceReading>;
  /** Whether what was read `age` milliseconds ago, with that mark, may still be believed. Costs next to nothing. */
  isCurrent(mark: string, age: number): boolean;
}

/** Whether something elsewhere may still be believed: a question to AWS for each delivery would be too many. */
export const isYoung = (_mark: string, age: number): boolean => age < 15_000;
