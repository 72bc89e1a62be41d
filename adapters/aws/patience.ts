/** How long one try waits, in milliseconds. */
export interface Patience {
  /** For a connection. */
  readonly connectionTimeout: number;
  /** For the next byte on it, either way; counted from its fourth second on. */
  readonly socketTimeout: number;
}

/**
 * Of every client of AWS. Left to themselves they wait without end for a server that accepts and never answers. They try
 * three times: so nobody is held up for more than about half a minute.
 */
export const patience: Patience = { connectionTimeout: 5_000, socketTimeout: 7_000 };
