/** The check run on a branch head: belongs to the branch that the environment follows. */
export const branchCheckName = (environment: string): string => `deploy/${environment}`;

/** The check run that answers a move of `current`, on the commit it was moved to. */
export const requestCheckName = (environment: string): string => `deploy/${environment}/request`;

/** Who asked for a re-run, and in which delivery: kept in the external id of a queued check run. */
export interface RerunId {
  readonly by: string;
  readonly delivery: string;
}

export const rerunId = ({ by, delivery }: RerunId): string => `rerun:${by}:${delivery}`;

/** The re-run that an external id spells, or undefined for every other one. */
export function parseRerunId(externalId: string): RerunId | undefined {
  const [kind, by, delivery, ...rest] = externalId.split(":");
  if (kind !== "rerun" || !by || !delivery || rest.length > 0) return undefined;
  return { by, delivery };
}

/** A request's check run carries the delivery it answers, so that each is answered once. */
export const requestId = (delivery: string): string => `request:${delivery}`;

/** The delivery that an external id answers, or undefined for every other one. */
export function parseRequestId(externalId: string): string | undefined {
  const [kind, delivery, ...rest] = externalId.split(":");
  return kind === "request" && delivery && rest.length === 0 ? delivery : undefined;
}
