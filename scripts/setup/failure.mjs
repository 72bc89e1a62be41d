/** What stops set-up: a stable code, what is wrong, and exactly what to type or do about it. */
export class SetupFailure extends Error {
  /** @param {{ code: string, message: string, next: string, cause?: unknown }} failure */
  constructor({ code, message, next, cause }) {
    super(message, { cause });
    this.name = "SetupFailure";
    this.code = code;
    this.next = next;
  }
}
