import type { Finding } from "../../../core.ts";

/** Does what must work, and says whether it did: with the reason, when not. */
export async function prove(text: string, what: () => Promise<unknown>): Promise<Finding> {
  try {
    await what();
    return { ok: true, text };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { ok: false, text: `${text} (${why})` };
  }
}

/** Fails a proof. */
export function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
