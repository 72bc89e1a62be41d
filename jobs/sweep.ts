import type { GitHubClient } from "../adapters/github/client.ts";
import { failedDeliveries, redeliver } from "../adapters/github/deliveries.ts";
import { findInstallation, forgetInstallation } from "../adapters/github/installations.ts";
import type { Logger } from "../adapters/log/logger.ts";
import { bindingFor } from "../adapters/registry/binding.ts";
import type { Registry } from "../adapters/registry/schema.ts";
import { dueScope } from "../promotion/due.ts";
import { readRecordBook } from "./observe/record-book.ts";
import type { Queues, WakeUp } from "./queues.ts";
import type { Memory } from "./services.ts";
import type { Session, Sessions } from "./session.ts";

export interface Sweeping {
  readonly app: GitHubClient;
  readonly sessions: Sessions;
  readonly queues: Queues;
  readonly memory: Memory;
  registry(): Promise<Registry>;
  /** Milliseconds since 1970. */
  now(): number;
  readonly log: Logger;
}

/** Failed deliveries older than this are left alone: the refs were swept since. */
const redeliverWithin = 24 * 3600 * 1000;
const redeliveriesPerSweep = 50;

/**
 * Looks at every environment of every repository, by its refs alone, and wakes those that are not at rest. `deep`:
 * wakes all of them for a deep look, since nobody knows what was missed.
 */
export async function sweep(sweeping: Sweeping, options: { readonly deep: boolean }): Promise<void> {
  const registry = await sweeping.registry();
  for (const { id, fullName } of registry.repositories) {
    try {
      await sweepRepository(sweeping, registry, { id, fullName }, options.deep);
    } catch (error) {
      sweeping.sessions.forget(id);
      forgetInstallation(fullName);
      sweeping.log.warn({ err: error, repository: fullName }, "could not sweep");
    }
  }
  await askForFailedDeliveries(sweeping);
}

async function sweepRepository(
  sweeping: Sweeping,
  registry: Registry,
  repository: { id: number; fullName: string },
  deep: boolean,
): Promise<void> {
  const bound = registry.environments.filter(({ name }) => bindingFor(registry, repository.id, name));
  if (bound.length === 0) return;
  const installationId = await findInstallation(sweeping.app, repository.fullName);
  if (installationId === undefined) return;
  const targets = bound.map(({ name }) => ({
    installationId,
    repositoryId: repository.id,
    environment: name,
  }));
  await sweeping.sessions.repository(installationId, repository.id);
  // Side by side: one fetch answers for all environments of the repository.
  const resting = await Promise.all(targets.map((target) => !deep && isAtRest(sweeping, target)));
  for (const [index, target] of targets.entries()) {
    if (!resting[index]) await sweeping.queues.wake(target, { deep });
  }
}

/** Nothing is unfinished, nothing was asked for, nothing is due, and the branch has not moved. */
async function isAtRest(sweeping: Sweeping, target: WakeUp): Promise<boolean> {
  const session = await sweeping.sessions.open(target);
  if (!session) return true;
  const { refs, last, journal } = await readBook(sweeping, session);
  if (refs.head === undefined) return true;
  const settled = last !== undefined && journal.state === "settled" && refs.current === last.object;
  if (!settled || dueScope(last.record, sweeping.now()) !== undefined) return false;
  return refs.head === last.record.branchHead && refs.records.get(last.record.number) === last.object;
}

async function readBook({ memory }: Sweeping, session: Session) {
  const { name } = session.environment;
  const owner = { repository: session.target.repositoryId, environment: name };
  const book = await readRecordBook(session.git, session.environment, owner, memory.newest(session, name));
  memory.rememberNewest(session, name, book.last?.record.number ?? 0);
  return book;
}

/** GitHub does not deliver again by itself. */
async function askForFailedDeliveries({ app, log }: Sweeping): Promise<void> {
  try {
    const failed = await failedDeliveries(app, Date.now() - redeliverWithin);
    for (const delivery of failed.slice(0, redeliveriesPerSweep)) await redeliver(app, delivery);
    if (failed.length > 0) log.info({ deliveries: failed.length }, "asked GitHub to deliver again");
  } catch (error) {
    log.warn({ err: error }, "could not read GitHub's log of deliveries");
  }
}
