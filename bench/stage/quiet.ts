import { readFile } from "node:fs/promises";
import path from "node:path";
import { Queue } from "bullmq";
import { connectForCommands } from "../../adapters/redis/connect.ts";
import type { LocalGitHub } from "../../demo/github/local-github.ts";
import { until } from "../../demo/stage/wait.ts";
import { reconcileQueue, shared } from "../../jobs/queues.ts";
import { queuePrefix } from "../../service/prefix.ts";

/** Tells when nobody has anything left to do, so that no sample pays for what the one before left over. */
export interface Silence {
  /** Waits until the environment's journal is settled at this record, the queue is empty and GitHub has sent all. */
  until(environment: string, record: number): Promise<void>;
  close(): Promise<void>;
}

export function listenForSilence(github: LocalGitHub, bareDirectory: string, redisUrl: string): Silence {
  const connection = connectForCommands(redisUrl);
  const queue = new Queue(reconcileQueue, { connection: shared(connection), prefix: queuePrefix });
  const refOf = (name: string) => readFile(path.join(bareDirectory, "refs/tags/deploy", name), "utf8");
  return {
    until: async (environment, record) => {
      await until(`${environment} to settle at ${record}`, async () => {
        return (await refOf(`${environment}/attempt`)) === (await refOf(`${environment}/${record}`));
      });
      await until("an empty queue", async () => {
        await github.idle();
        const { active = 0, waiting = 0 } = await queue.getJobCounts("active", "waiting");
        return active + waiting === 0;
      });
    },
    close: async () => {
      await queue.close();
      connection.disconnect();
    },
  };
}
