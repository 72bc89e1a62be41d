import type { DeploymentIo, Phase } from "./deployment.ts";

/** Runs a phase, tells of its beginning, and logs how long it took: the first question when a deployment is slow. */
export async function timed<T>(
  phase: Phase,
  { log, progress }: DeploymentIo,
  task: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  progress({ phase });
  try {
    return await task();
  } finally {
    log.info({ phase, milliseconds: Math.round(performance.now() - start) }, "phase over");
  }
}
