import { Queue, type QueueOptions } from "bullmq";

/** A BullMQ queue for giving orders, opened when it is needed first. */
export interface OpenedQueue<Data> {
  use(): Promise<Queue<Data, unknown, string>>;
  close(): Promise<void>;
}

/** BullMQ gives a queue up for good when its very first question to Redis fails: then it is opened anew. */
export function openedQueue<Data>(name: string, options: QueueOptions): OpenedQueue<Data> {
  let queue: Queue<Data, unknown, string> | undefined;
  const open = (): Queue<Data, unknown, string> => {
    const opened = new Queue<Data, unknown, string>(name, options);
    // Whoever enqueues sees the failure; without a listener BullMQ prints each try to connect.
    opened.on("error", () => undefined);
    return opened;
  };
  return {
    use: async () => {
      const opened = queue ?? open();
      queue = opened;
      try {
        await opened.waitUntilReady();
      } catch (error) {
        if (queue === opened) queue = undefined;
        opened.close().catch(() => undefined);
        throw error;
      }
      return opened;
    },
    close: async () => await queue?.close(),
  };
}
