import { QueueEvents } from "bullmq";
import { connectForCommands, connectForWork } from "../../adapters/redis/connect.ts";
import { openQueues, reconcileQueue, shared, type WakeUp } from "../../jobs/queues.ts";
import { queuePrefix } from "../../service/prefix.ts";

/** Wakes environments as the web process does, and hears when their jobs have ended. */
export interface Waker {
  /** Milliseconds from the wake-up to the end of its job. */
  look(target: WakeUp, options?: { readonly deep: boolean }): Promise<number>;
  close(): Promise<void>;
}

export async function openWaker(redisUrl: string): Promise<Waker> {
  const [orders, waiting] = [connectForCommands(redisUrl), connectForWork(redisUrl)];
  const queues = openQueues(orders, queuePrefix);
  const events = new QueueEvents(reconcileQueue, { connection: shared(waiting), prefix: queuePrefix });
  await events.waitUntilReady();
  return {
    look: async (target, options) => {
      const over = new Promise<void>((resolve) => events.once("completed", () => resolve()));
      const began = performance.now();
      await queues.wake(target, options);
      await over;
      return performance.now() - began;
    },
    close: async () => {
      await events.close();
      await queues.close();
      for (const connection of [orders, waiting]) connection.disconnect();
    },
  };
}
