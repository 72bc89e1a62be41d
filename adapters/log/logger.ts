import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import type { Redactor } from "../redact/redact.ts";

/** What the rest of the code may do with a log: fields first, then one sentence. */
export type Logger = Pick<PinoLogger, "debug" | "info" | "warn" | "error"> & {
  /** The same log with fields in every line. */
  child(fields: Record<string, unknown>): Logger;
};

export interface LoggerOptions {
  readonly level: string;
  /** Applied to each line as it is written, so that nothing can be logged around it. */
  readonly redact: Redactor;
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

/** A log of JSON lines; pino's own type, since Probot wants one. Errors: pino's for an unknown level. */
export function createLogger({ level, redact, destination }: LoggerOptions): PinoLogger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: redact },
  };
  return destination ? pino(options, destination) : pino(options);
}
