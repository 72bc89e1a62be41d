/** Who has to act: the people who own the repository and its policy, or whoever runs Waymark. */
export type FailureSource = "user" | "service";

/** What a failure is, which decides whether trying again can help (design §4). */
export type FailureClass =
  | "transient"
  | "lock"
  | "credentials"
  | "conflict"
  | "quota"
  | "configuration"
  | "code"
  | "unknown";

export interface FailureInput {
  /** Stable, in kebab case: people search for it. */
  readonly code: string;
  readonly source: FailureSource;
  readonly message: string;
  /** What the reader should do now, as one sentence. */
  readonly next: string;
  readonly class?: FailureClass;
  readonly cause?: unknown;
}

/** The only error that Waymark throws on purpose. Its texts are shown to people: never put a secret in one. */
export class WaymarkError extends Error {
  override readonly name = "WaymarkError";
  readonly code: string;
  readonly source: FailureSource;
  readonly next: string;
  readonly class: FailureClass;

  constructor(input: FailureInput) {
    super(input.message, input.cause === undefined ? undefined : { cause: input.cause });
    this.code = input.code;
    this.source = input.source;
    this.next = input.next;
    this.class = input.class ?? "unknown";
  }
}

/** The same failure as plain data: what a report shows and a journal keeps. */
export interface Failure {
  readonly code: string;
  readonly source: FailureSource;
  readonly class: FailureClass;
  readonly message: string;
  readonly next: string;
}

/** Any thrown value as a failure; what nobody foresaw is the service's own fault. */
export function toFailure(error: unknown): Failure {
  if (error instanceof WaymarkError) {
    const { code, source, class: failureClass, message, next } = error;
    return { code, source, class: failureClass, message, next };
  }
  return {
    code: "unexpected",
    source: "service",
    class: "unknown",
    message: error instanceof Error ? error.message : textOf(error),
    next: "Re-run the check. If it fails again, read the worker's log around this time.",
  };
}

/** Anything can be thrown, also what can't be made a text of. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return "Something was thrown that is no error.";
  }
}
