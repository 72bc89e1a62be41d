import { WaymarkError } from "../../promotion/failure.ts";
import { isRefusal } from "./refusal.ts";

/** Why a bucket can't be used (service): `store-refused` (credentials) or `store-unreachable` (transient). */
export function storeFailure(bucket: string, cause: unknown): WaymarkError {
  const told = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  const refused = isRefusal(cause);
  return new WaymarkError({
    code: refused ? "store-refused" : "store-unreachable",
    source: "service",
    class: refused ? "credentials" : "transient",
    message: `The bucket ${bucket} can't be used: ${told}.`,
    next: refused
      ? "Look what is wrong with it, and who asks: npm run core -- verify"
      : "Look whether S3 is reached from here, and whether there are keys for it.",
    cause,
  });
}
