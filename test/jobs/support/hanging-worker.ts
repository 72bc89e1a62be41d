import { text } from "node:stream/consumers";
import { z } from "zod";
import { createLogger } from "../../../adapters/log/logger.ts";
import { connectForCommands, connectForWork } from "../../../adapters/redis/connect.ts";
import { createMemory } from "../../../jobs/memory.ts";
import { openQueues } from "../../../jobs/queues.ts";
import type { Services } from "../../../jobs/services.ts";
import { startWorker } from "../../../jobs/worker.ts";

// A worker process that takes a job and never ends it; it says on its standard output when it has one.
const { url, prefix } = z
  .object({ url: z.string(), prefix: z.string() })
  .parse(JSON.parse(await text(process.stdin)));
const never = new Promise<never>(() => undefined);
const services = {
  queues: openQueues(connectForCommands(url), prefix),
  memory: createMemory(),
} satisfies Partial<Services>;
startWorker({
  connection: connectForWork(url),
  prefix,
  concurrency: 1,
  services: services as unknown as Services,
  sessions: {
    open: () => {
      process.stdout.write("taken\n");
      return never;
    },
    repository: () => never,
    forget: () => undefined,
  },
  log: createLogger({ level: "silent", redact: (line) => line }),
});
