/** A task that is done at the first call; every later one gets the same answer, or the same error. */
export function once<T>(task: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= task();
    return answer;
  };
}
