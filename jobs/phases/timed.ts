import type { DeploymentIo, Phase } from "./deployment.ts";

export interface PhaseIo extends DeploymentIo {
  /** Writes down that a phase begins, before anything of it is done. */
  enter(phase: Phase): Promise<void>;
}

/** Runs a phase, tells of its beginning, and how long it took: the first question when a deployment is slow. */
export async function timed<T>(
  phase: Phase,
  { log, progress, enter, took }: PhaseIo,
  task: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  progress({ phase });
  await enter(phase);
  try {
    return await task();
  } finally {
    const milliseconds = Math.round(performance.now() - start);
    took(phase, milliseconds);
    log.info({ phase, milliseconds }, "phase over");
  }
}
