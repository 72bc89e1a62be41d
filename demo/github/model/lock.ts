/** Runs tasks one at a time, in the order they came. */
export type Lock = <T>(task: () => Promise<T>) => Promise<T>;

/** A new lock. A failing task rejects its own promise and lets the next one run. */
export function createLock(): Lock {
  let tail: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = tail.then(task);
    tail = result.catch(() => undefined);
    return result;
  };
}
