import { Queue } from "bullmq";
import { connectForCommands } from "../../adapters/redis/connect.ts";
import type { LocalGitHub } from "../../demo/github/local-github.ts";
import { until } from "../../demo/stage/wait.ts";
import { reconcileQueue, shared, sweepQueue } from "../../jobs/queues.ts";
import { queuePrefix } from "../../service/prefix.ts";

/** Tells when nobody has anything left to do, so that no sample pays for what the one before left over. */
export interface Silence {
  /** Waits until GitHub has sent all, and no look and no sweep is waiting or going on. */
  untilQuiet(): Promise<void>;
  close(): Promise<void>;
}

export function listenForSilence(github: Pick<LocalGitHub, "idle">, redisUrl: string): Silence {
  const connection = connectForCommands(redisUrl);
  const options = { connection: shared(connection), prefix: queuePrefix };
  const queues = [reconcileQueue, sweepQueue].map((name) => new Queue(name, options));
  const isEmpty = async (queue: Queue): Promise<boolean> => {
    const { active = 0, waiting = 0 } = await queue.getJobCounts("active", "waiting");
    return active + waiting === 0;
  };
  return {
    untilQuiet: async () => {
      await until("empty queues", async () => {
        await github.idle();
        return (await Promise.all(queues.map(isEmpty))).every(Boolean);
      });
    },
    close: async () => {
      await Promise.all(queues.map((queue) => queue.close()));
      connection.disconnect();
    },
  };
}
