import type { Logger } from "pino";
import { createLogger } from "../../../adapters/log/logger.ts";

/** A log that a test can read, without any redaction: nothing secret may reach it in the first place. */
export interface LoggedLines {
  readonly log: Logger;
  readonly lines: readonly string[];
}

export function keepLog(): LoggedLines {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { log: createLogger({ level: "trace", redact: (text) => text, destination }), lines };
}
