import { WaymarkError } from "../../../promotion/failure.ts";

/** There is no registry at this address. */
export function missing(address: string, cause: unknown): WaymarkError {
  return new WaymarkError({
    code: "registry-missing",
    source: "service",
    class: "configuration",
    message: `The core registry ${address} can't be read: ${textOf(cause)}.`,
    next: "Write it again from the core stack's own state (npm run core -- registry), or point WAYMARK_REGISTRY at the right place.",
    cause,
  });
}

/** AWS does not give the registry away, or not now. */
export function unreachable(address: string, cause: unknown): WaymarkError {
  return new WaymarkError({
    code: "registry-unreachable",
    source: "service",
    class: "transient",
    message: `The core registry ${address} can't be asked for: ${textOf(cause)}.`,
    next: "Look whether the service may read that address, and whether it can reach AWS.",
    cause,
  });
}

const textOf = (cause: unknown): string =>
  cause instanceof Error
    ? `${cause.name === "Error" ? "" : `${cause.name}: `}${cause.message}`
    : String(cause);
