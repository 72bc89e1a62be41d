import { createRedactor } from "../adapters/redact/redact.ts";
import { toFailure, WaymarkError } from "../promotion/failure.ts";

/** Something that runs until it is told to stop. */
export interface Running {
  /** Ends what is under way, takes nothing new. */
  close(): Promise<void>;
  /** The second wish to stop: ends as soon as nothing can break by it. */
  abort?(): void;
}

/**
 * Runs a process's main part until SIGTERM or SIGINT. The first signal closes it, as soon as it is up; the second
 * aborts what can be aborted. What fails is told with what to do; what nobody
 * foresaw, with a stack trace, too.
 */
export async function runUntilStopped(start: () => Promise<Running>): Promise<void> {
  let running: Running | undefined;
  const stopped = stopSignal(() => {
    if (!running) process.exit(1);
    running.abort?.();
  });
  try {
    running = await start();
    await stopped;
    await running.close();
    process.exit(0);
  } catch (error) {
    tell(error);
    process.exit(1);
  }
}

/** Resolves at the first signal; those that follow are handed on. */
function stopSignal(again: () => void): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    const onSignal = (): void => {
      signals += 1;
      if (signals > 1) again();
      resolve();
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
  });
}

/** What the configuration keeps secret is not known here; what looks like a token is masked. */
const withoutTokens = createRedactor([]);

function tell(error: unknown): void {
  const { code, message, next } = toFailure(error);
  const detail = error instanceof WaymarkError || !(error instanceof Error) ? "" : `\n${error.stack}`;
  process.stderr.write(withoutTokens(`waymark: ${message} (${code})\n${next}${detail}\n`));
}
