/** Answered with 503: GitHub logs the delivery as failed, and the sweep asks for it again. */
export class ServiceUnavailable extends Error {
  override readonly name = "ServiceUnavailable";
  readonly status = 503;

  constructor(cause: unknown) {
    super("The event could not be enqueued.", { cause });
  }
}
