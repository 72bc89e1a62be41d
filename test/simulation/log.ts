import { z } from "zod";
import { createLogger, type Logger } from "../../adapters/log/logger.ts";

const redact = (text: string): string => text;

/** A child of a real silent log costs more than all else that a history does. */
export const silentLog: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

const entry = z.looseObject({
  msg: z.string(),
  decision: z.looseObject({ do: z.string() }).optional(),
  reason: z.string().optional(),
  err: z.object({ message: z.string() }).optional(),
});

/** What the product logs, as lines of a story. */
export function readableLog(tell: (line: string) => void): Logger {
  const write = (line: string): void => {
    const { msg, decision, reason, err } = entry.parse(JSON.parse(line));
    const about = [decision && JSON.stringify(decision), reason, err?.message].filter(
      (text) => text !== undefined,
    );
    tell(`    ${msg}${about.length > 0 ? `: ${about.join(", ")}` : ""}`);
  };
  return createLogger({ level: "debug", redact, destination: { write } });
}
