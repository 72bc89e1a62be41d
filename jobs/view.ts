import { findGoAhead } from "./observe/go-ahead.ts";
import type { Viewpoint } from "./observe/observe.ts";
import { findRerun } from "./observe/rerun.ts";
import { createWitnesses } from "./observe/witnesses.ts";
import type { Work } from "./services.ts";

/** Where a worker looks from: the remote, the people and the clock. */
export function effectiveView(work: Work): Viewpoint {
  const { session, services } = work;
  return {
    repository: session.git,
    environments: session.environments,
    environment: session.environment,
    repositoryId: session.target.repositoryId,
    witnesses: (policies) => createWitnesses(work, policies),
    rerun: (head, policies) => findRerun(work, head, policies),
    goAhead: (head, journal, policies) => findGoAhead(work, head, journal, policies),
    newest: (environment) => services.memory.newest(session, environment),
    now: services.now,
  };
}
