import { sweep } from "../../../jobs/sweep.ts";
import { silentLog } from "../log.ts";
import { registryOf } from "../world/web.ts";
import type { World } from "../world/world.ts";
import { createStraightThread } from "./thread.ts";
import { openSession, portsOf, repositorySession, type WorkerProcess } from "./worker.ts";

/** The product's own sweep, all at once: it only looks and wakes, and a late wake-up is in the world anyway. */
export async function sweepOnce(world: World, worker: WorkerProcess, isStart: boolean): Promise<void> {
  const ports = portsOf(world, worker, createStraightThread());
  const sessions = {
    open: async ({ environment }: { environment: string }) => openSession(world, ports, environment),
    repository: async () => repositorySession(ports),
    forget: () => undefined,
  };
  const { memory } = worker;
  const registry = async () => registryOf(world);
  const now = () => world.clock.seconds * 1000;
  const sweeping = {
    app: ports.github,
    sessions,
    queues: ports.queues,
    memory,
    registry,
    now,
    log: silentLog,
  };
  const deep = world.redis.isNew() || isStart;
  await sweep(sweeping, { deep });
}
