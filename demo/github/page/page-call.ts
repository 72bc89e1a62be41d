import type { Account } from "../model/account.ts";
import type { World } from "../model/world.ts";

/** One request of a browser, ready for its page. */
export interface PageCall {
  readonly world: World;
  /** Who the buttons act as; undefined while nobody exists. */
  readonly user: Account | undefined;
  readonly url: URL;
  readonly parameters: Readonly<Record<string, string>>;
  /** The fields of a submitted form. */
  readonly form: URLSearchParams;
}
