/** The check run on a branch head: belongs to the branch that the environment follows. */
export const branchCheckName = (environment: string): string => `deploy/${environment}`;

/** The check run that answers a move of `current`, on the commit it was moved to. */
export const requestCheckName = (environment: string): string => `deploy/${environment}/request`;

/** Who asked for a re-run, and in which delivery: kept in the external id of a queued check run. */
export interface RerunId {
  readonly by: string;
  readonly delivery: string;
  /** Without caches. */
  readonly force?: boolean | undefined;
}

export const rerunId = ({ by, delivery, force }: RerunId): string =>
  `rerun:${by}:${delivery}${force ? ":force" : ""}`;

/** The re-run that an external id spells, or undefined for every other one. */
export function parseRerunId(externalId: string): RerunId | undefined {
  const [kind, by, delivery, force, ...rest] = externalId.split(":");
  if (kind !== "rerun" || !by || !delivery || rest.length > 0) return undefined;
  if (force !== undefined && force !== "force") return undefined;
  return { by, delivery, ...(force && { force: true }) };
}

/** Who lets a stopped attempt go on, and in which delivery: kept in the external id of a queued check run. */
export interface GoAheadId {
  readonly by: string;
  readonly delivery: string;
  /** Of the very attempt whose check run was read. */
  readonly owner: string;
}

export const goAheadId = ({ by, delivery, owner }: GoAheadId): string =>
  `go-ahead:${by}:${delivery}:${owner}`;

/** The word that an external id spells, or undefined for every other one. */
export function parseGoAheadId(externalId: string): GoAheadId | undefined {
  const [kind, by, delivery, owner, ...rest] = externalId.split(":");
  if (kind !== "go-ahead" || !by || !delivery || !owner || rest.length > 0) return undefined;
  return { by, delivery, owner };
}

/**
 * A request's check run carries the delivery it answers, so that each is answered once, and the attempt that it tells
 * of, if there is one.
 */
export const requestId = (delivery: string, owner?: string): string =>
  `request:${delivery}${owner === undefined ? "" : `:${owner}`}`;

/** The delivery that an external id answers, or undefined for every other one. */
export function parseRequestId(externalId: string): string | undefined {
  const [kind, delivery, _owner, ...rest] = externalId.split(":");
  return kind === "request" && delivery && rest.length === 0 ? delivery : undefined;
}

/** The owner of the attempt that a check run tells of, by its external id; undefined: it tells of none. */
export function attemptOwnerIn(externalId: string): string | undefined {
  const parts = externalId.split(":");
  if (parts.length === 1) return externalId || undefined;
  if (parts[0] === "request" && parts.length === 3) return parts[2] || undefined;
  return parseGoAheadId(externalId)?.owner;
}
