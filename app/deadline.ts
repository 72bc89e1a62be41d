/** Waits for work, but not for longer than some milliseconds: then it goes on unwatched, and this throws. */
export async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${milliseconds} ms`)), milliseconds);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
