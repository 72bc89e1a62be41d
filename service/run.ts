import { toFailure, WaymarkError } from "../promotion/failure.ts";

/** Something that runs until it is told to stop. */
export interface Running {
  /** Ends what is under way, takes nothing new. */
  close(): Promise<void>;
  /** The second wish to stop: ends as soon as nothing can break by it. */
  abort?(): void;
}

/**
 * Runs a process's main part until SIGTERM or SIGINT. The first signal closes it; the second aborts what can be
 * aborted. What fails on the way up is told in three lines, without a stack trace.
 */
export async function runUntilStopped(start: () => Promise<Running>): Promise<void> {
  try {
    const running = await start();
    await stopSignal(running);
    await running.close();
    process.exit(0);
  } catch (error) {
    tell(error);
    process.exit(1);
  }
}

function stopSignal(running: Running): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    const onSignal = (): void => {
      signals += 1;
      if (signals > 1) running.abort?.();
      resolve();
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
  });
}

function tell(error: unknown): void {
  const { code, message, next } = toFailure(error);
  const detail = error instanceof WaymarkError || !(error instanceof Error) ? "" : `\n${error.stack}`;
  process.stderr.write(`waymark: ${message} (${code})\n${next}${detail}\n`);
}
