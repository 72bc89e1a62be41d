import type { Environment } from "../../promotion/environment.ts";
import { placeOf } from "./places.ts";
import type { Binding, RegisteredRepository, Registry } from "./schema.ts";

/** Everything that is wrong with a well-formed registry, one sentence each; empty when it holds together. */
export function findMistakes(registry: Registry): string[] {
  const { environments, repositories, bindings } = registry;
  return [
    ...environmentMistakes(environments),
    ...repositoryMistakes(repositories),
    ...bindingMistakes(registry),
    ...sharedPlaces(bindings),
  ];
}

/** Names are unique, and `after` leads through environments that exist to one that comes after none. */
export function environmentMistakes(environments: readonly Environment[]): string[] {
  const byName = new Map(environments.map((environment) => [environment.name, environment]));
  const unknown = environments.filter(({ after }) => after !== null && !byName.has(after));
  return [
    ...duplicates(environments.map(({ name }) => name)).map((name) => `environment ${name} is named twice`),
    ...unknown.map(({ name, after }) => `environment ${name} comes after ${after}, which does not exist`),
    ...environments
      .filter((environment) => isInCycle(environment, byName))
      .map(({ name }) => `environment ${name} comes after itself`),
  ];
}

function isInCycle(start: Environment, byName: ReadonlyMap<string, Environment>): boolean {
  const seen = new Set<string>();
  for (let name = start.after; name !== null && !seen.has(name); name = byName.get(name)?.after ?? null) {
    if (name === start.name) return true;
    seen.add(name);
  }
  return false;
}

/** Ids and names are unique; GitHub's names don't differ by case alone. */
export function repositoryMistakes(repositories: readonly RegisteredRepository[]): string[] {
  return [
    ...duplicates(repositories.map(({ id }) => String(id))).map((id) => `repository ${id} is listed twice`),
    ...duplicates(repositories.map(({ fullName }) => fullName.toLowerCase())).map(
      (name) => `repository ${name} is listed under two ids`,
    ),
  ];
}

function bindingMistakes({ environments, repositories, bindings }: Registry): string[] {
  const names = new Set(environments.map(({ name }) => name));
  const ids = new Set(repositories.map(({ id }) => id));
  return [
    ...duplicates(bindings.map(label)).map((binding) => `binding ${binding} is given twice`),
    ...bindings
      .filter(({ environment }) => !names.has(environment))
      .map((binding) => `binding ${label(binding)} is for an unknown environment`),
    ...bindings
      .filter(({ repositoryId }) => !ids.has(repositoryId))
      .map((binding) => `binding ${label(binding)} is for an unknown repository`),
  ];
}

/** No place of a binding is, or lies within, one of another: state and bundles never mix. */
function sharedPlaces(bindings: readonly Binding[]): string[] {
  const places = bindings.flatMap((binding) => [
    { owner: label(binding), path: `${placeOf(binding.backend)}/` },
    { owner: label(binding), path: `${placeOf(binding.artifacts)}/` },
  ]);
  places.sort((a, b) => (a.path < b.path ? -1 : 1));
  return places.flatMap((place, index) => {
    const previous = places[index - 1];
    if (previous === undefined || !place.path.startsWith(previous.path)) return [];
    return [`bindings ${previous.owner} and ${place.owner} share the place ${place.path.slice(0, -1)}`];
  });
}

const label = ({ repositoryId, environment }: Binding): string => `${repositoryId}#${environment}`;

function duplicates(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
