import { WaymarkError } from "../../promotion/failure.ts";
import type { Variables } from "../process/environment.ts";
import type { Backend } from "../registry/places.ts";

/**
 * The variables in which Terraform finds the credentials of a backend; none where it needs none, or where a role is taken.
 * `worker`: the worker's own variables. Error (service): `backend-secret-missing`, with the names of those that it lacks.
 */
export function backendEnvironment(backend: Backend, worker: Variables): Readonly<Record<string, string>> {
  const wanted = namesOf(backend);
  const missing = wanted.filter(([, name]) => !worker[name]);
  if (missing.length > 0) throw secretMissing(backend.type, missing);
  return Object.fromEntries(wanted.map(([variable, name]) => [variable, worker[name] ?? ""]));
}

/** Those of its values that the worker has, to be masked wherever texts leave. */
export const backendSecrets = (backend: Backend, worker: Variables): string[] =>
  namesOf(backend).flatMap(([, name]) => worker[name] ?? []);

const namesOf = (backend: Backend): [variable: string, worker: string][] =>
  "environment" in backend ? Object.entries(backend.environment ?? {}) : [];

const secretMissing = (type: string, missing: readonly [string, string][]): WaymarkError =>
  new WaymarkError({
    code: "backend-secret-missing",
    source: "service",
    class: "configuration",
    message: `The worker lacks ${missing.map(([variable, name]) => `${name}, from which the backend ${type} gets ${variable}`).join("; ")}.`,
    next: "Start the workers with these variables, or correct the backend's `environment` in the core registry.",
  });
