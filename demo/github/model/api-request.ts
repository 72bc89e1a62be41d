/** One REST request as the server saw it. */
export interface ApiRequest {
  readonly method: string;
  /** The route's template, e.g. `/repos/{owner}/{repo}/check-runs`; the plain path if no route matched. */
  readonly template: string;
  readonly path: string;
  /** What follows the `?`; empty if nothing does. */
  readonly query: string;
  /** Parsed JSON; undefined if there was no body. */
  readonly body: unknown;
  /** False if no route matched: the server answered 404. */
  readonly known: boolean;
  /** `app:<id>`, `installation:<id>`, `user:<login>` or `anonymous`. */
  readonly who: string;
  readonly status: number;
  /** True if it used up some of that caller's rate limit. */
  readonly counted: boolean;
  /** The answer's body as it was sent: JSON, or empty. */
  readonly answer: string;
}
