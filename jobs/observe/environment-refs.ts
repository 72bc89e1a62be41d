import type { Repository } from "../../adapters/git/repository.ts";
import type { Environment } from "../../promotion/environment.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import {
  attemptRef,
  branchRef,
  claimedRef,
  currentRef,
  frozenRef,
  parseDeployRef,
  recordRef,
} from "../../promotion/ref.ts";

/** What the refs of one environment hold, all read at one moment. */
export interface EnvironmentRefs {
  readonly head: ObjectId | undefined;
  readonly current: ObjectId | undefined;
  readonly attempt: ObjectId | undefined;
  readonly frozen: ObjectId | undefined;
  readonly claimed: ObjectId | undefined;
  /** The numbered tags that were asked for, by number. */
  readonly records: ReadonlyMap<number, ObjectId>;
}

/**
 * Reads the environment's refs from the remote. Of the numbered tags only those beginning with one of `numbers`
 * are asked for, so that the answer does not grow with the history; `all` asks for every one.
 */
export async function readEnvironmentRefs(
  repository: Pick<Repository, "fetchRefs">,
  environment: Environment,
  numbers: readonly number[] | "all",
): Promise<EnvironmentRefs> {
  const refs = await repository.fetchRefs(refPatterns(environment, numbers));
  return selectRefs(refs, environment);
}

/** Reads all numbered tags of an environment from the remote, and nothing else. */
export async function readNumberedRefs(
  repository: Pick<Repository, "fetchRefs">,
  environment: string,
): Promise<ReadonlyMap<number, ObjectId>> {
  return numberedTags(await repository.fetchRefs(numberedPatterns(environment)), environment);
}

/** The names to ask for. A prefix, not a whole name, where a missing ref must be no error. */
export function refPatterns(environment: Environment, numbers: readonly number[] | "all"): string[] {
  const { name, branch } = environment;
  const markers = [currentRef, attemptRef, frozenRef, claimedRef].map((ref) => `${ref(name)}*`);
  const records =
    numbers === "all" ? numberedPatterns(name) : numbers.map((number) => `${recordRef(name, number)}*`);
  const wanted = [...markers, ...records];
  return branch === null ? wanted : [branchRef(branch), ...wanted];
}

/** Whatever a number begins with. */
function numberedPatterns(environment: string): string[] {
  return [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `${recordRef(environment, digit)}*`);
}

/** The environment's part of what was read. */
export function selectRefs(refs: ReadonlyMap<string, ObjectId>, environment: Environment): EnvironmentRefs {
  const { name, branch } = environment;
  return {
    head: branch === null ? undefined : refs.get(branchRef(branch)),
    current: refs.get(currentRef(name)),
    attempt: refs.get(attemptRef(name)),
    frozen: refs.get(frozenRef(name)),
    claimed: refs.get(claimedRef(name)),
    records: numberedTags(refs, name),
  };
}

function numberedTags(
  refs: ReadonlyMap<string, ObjectId>,
  environment: string,
): ReadonlyMap<number, ObjectId> {
  const records = [...refs].flatMap(([name, object]) => {
    const ref = parseDeployRef(name);
    return ref?.kind === "record" && ref.environment === environment ? [[ref.number, object] as const] : [];
  });
  return new Map(records);
}
