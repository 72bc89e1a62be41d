import { WaymarkError } from "./failure.ts";

/** A stack and the names of those that must be applied before it. */
export interface StackNode {
  readonly name: string;
  readonly dependencies: readonly string[];
}

/** What may be applied when. */
export interface StackGraph {
  /** Stacks of a tier need only stacks of earlier tiers. Names are sorted, so that equal input gives equal output. */
  readonly tiers: readonly (readonly string[])[];
  /** The direct dependencies of each stack. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  /** How many stacks must run one after another from each stack on, itself included: the longest chain goes first. */
  readonly chains: ReadonlyMap<string, number>;
}

/**
 * Arranges stacks in tiers by what the app says itself and what the policy's `dependsOn` adds.
 * Errors: `stack-unknown` and `stack-cycle` (user), the cycle spelled out.
 */
export function arrangeStacks(
  stacks: readonly StackNode[],
  dependsOn: Readonly<Record<string, readonly string[]>> = {},
): StackGraph {
  const dependencies = collect(stacks, dependsOn);
  const tiers: string[][] = [];
  const placed = new Set<string>();
  while (placed.size < dependencies.size) {
    const tier = [...dependencies.keys()].filter(
      (name) => !placed.has(name) && isReady(name, dependencies, placed),
    );
    if (tier.length === 0) throw cycle(dependencies, placed);
    for (const name of tier) placed.add(name);
    tiers.push(tier);
  }
  return { tiers, dependencies, chains: chainsOf(tiers, dependencies) };
}

/** Some of the stacks only. What was ordered by a stack that is left out stays ordered. */
export function subgraph({ tiers, dependencies }: StackGraph, chosen: ReadonlySet<string>): StackGraph {
  const left = tiers
    .map((tier) => tier.filter((name) => chosen.has(name)))
    .filter(({ length }) => length > 0);
  const needs = new Map(left.flat().map((name) => [name, nearest(name, dependencies, chosen)]));
  return { tiers: left, dependencies: needs, chains: chainsOf(left, needs) };
}

/** The chosen stacks that a stack needs, directly or by way of such that are left out. */
function nearest(
  name: string,
  dependencies: ReadonlyMap<string, readonly string[]>,
  chosen: ReadonlySet<string>,
): string[] {
  const reached = new Set(dependencies.get(name));
  // What is added on the way is visited, too.
  for (const needed of reached) {
    if (chosen.has(needed)) continue;
    for (const further of dependencies.get(needed) ?? []) reached.add(further);
  }
  return [...reached].filter((needed) => chosen.has(needed)).sort();
}

/** From the last tier to the first, so that all that need a stack are known before it. */
function chainsOf(
  tiers: readonly (readonly string[])[],
  dependencies: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, number> {
  const chains = new Map(tiers.flat().map((name) => [name, 1]));
  for (const name of tiers.flat().reverse()) {
    for (const needed of dependencies.get(name) ?? []) {
      chains.set(needed, Math.max(chains.get(needed) ?? 1, (chains.get(name) ?? 1) + 1));
    }
  }
  return chains;
}

function collect(
  stacks: readonly StackNode[],
  dependsOn: Readonly<Record<string, readonly string[]>>,
): Map<string, readonly string[]> {
  const added = new Map(Object.entries(dependsOn));
  const known = new Set(stacks.map(({ name }) => name));
  for (const [name, needs] of added) assertKnown([name, ...needs], known, "dependsOn in the policy");
  const entries = stacks.map(({ name, dependencies }) => {
    assertKnown(dependencies, known, `stack ${name}`);
    return [name, [...new Set([...dependencies, ...(added.get(name) ?? [])])].sort()] as const;
  });
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Error (user): `stack-unknown`, with the place where the name is used. */
export function assertKnown(names: readonly string[], known: ReadonlySet<string>, where: string): void {
  const missing = names.find((name) => !known.has(name));
  if (missing === undefined) return;
  throw new WaymarkError({
    code: "stack-unknown",
    source: "user",
    class: "configuration",
    message: `${where} names the stack ${missing}, which the app does not have (it has: ${[...known].join(", ")}).`,
    next: "Correct the name.",
  });
}

function isReady(
  name: string,
  dependencies: ReadonlyMap<string, readonly string[]>,
  placed: ReadonlySet<string>,
): boolean {
  return (dependencies.get(name) ?? []).every((needed) => placed.has(needed));
}

/** Each stack that can't be placed needs another one that can't: following those must come round. */
function cycle(
  dependencies: ReadonlyMap<string, readonly string[]>,
  placed: ReadonlySet<string>,
): WaymarkError {
  const path: string[] = [];
  let name = [...dependencies.keys()].find((candidate) => !placed.has(candidate)) ?? "";
  while (!path.includes(name)) {
    path.push(name);
    name = dependencies.get(name)?.find((needed) => !placed.has(needed)) ?? "";
  }
  return new WaymarkError({
    code: "stack-cycle",
    source: "user",
    class: "code",
    message: `Stacks depend on each other in a circle: ${[...path.slice(path.indexOf(name)), name].join(" → ")}.`,
    next: "Take one of these dependencies away, in the app or in dependsOn of the policy.",
  });
}
