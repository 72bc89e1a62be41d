import { isEnvironmentName } from "./environment.ts";

/** What the refs below `refs/tags/deploy/<environment>/` can be (design §3). */
export type DeployRef =
  | { readonly kind: "record"; readonly environment: string; readonly number: number }
  | { readonly kind: "current" | "attempt" | "frozen" | "claimed"; readonly environment: string };

const prefix = "refs/tags/deploy/";
const markers = ["current", "attempt", "frozen", "claimed"] as const;

/** The full name of a deploy ref. */
export function formatDeployRef(ref: DeployRef): string {
  return `${prefix}${ref.environment}/${ref.kind === "record" ? ref.number : ref.kind}`;
}

/** The deploy ref that a full ref name spells, or undefined for every other ref. */
export function parseDeployRef(name: string): DeployRef | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const [environment, last, ...rest] = name.slice(prefix.length).split("/");
  if (environment === undefined || last === undefined || rest.length > 0) return undefined;
  if (!isEnvironmentName(environment)) return undefined;
  const kind = markers.find((marker) => marker === last);
  if (kind) return { kind, environment };
  const number = parseNumber(last);
  return number === undefined ? undefined : { kind: "record", environment, number };
}

/** Deployment numbers count from 1, without leading zeros, so that each has one spelling. */
function parseNumber(text: string): number | undefined {
  return /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : undefined;
}

export const recordRef = (environment: string, number: number): string =>
  formatDeployRef({ kind: "record", environment, number });

export const currentRef = (environment: string): string => formatDeployRef({ kind: "current", environment });

export const attemptRef = (environment: string): string => formatDeployRef({ kind: "attempt", environment });

export const frozenRef = (environment: string): string => formatDeployRef({ kind: "frozen", environment });

export const claimedRef = (environment: string): string => formatDeployRef({ kind: "claimed", environment });

/** The full name of a branch. */
export const branchRef = (branch: string): string => `refs/heads/${branch}`;

/** A full tag ref as people write it: `deploy/prod/4`. */
export const tagName = (ref: string): string => ref.replace(/^refs\/tags\//, "");
