/** One of the promises was broken. */
export class Violation extends Error {
  override readonly name = "Violation";
  /** Which one; a shrunk history must break the same. */
  readonly promise: string;

  constructor(promise: string, what: string) {
    super(`${promise}: ${what}`);
    this.promise = promise;
  }
}
