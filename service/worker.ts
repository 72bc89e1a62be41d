import { startWorkerProcess } from "../jobs/start.ts";
import { readContext, registered, sharedRedis } from "./context.ts";
import { queuePrefix } from "./prefix.ts";
import { runUntilStopped } from "./run.ts";

await runUntilStopped(async () => {
  const context = registered(readContext());
  return await startWorkerProcess({
    ...context,
    redisUrl: await sharedRedis(context.config),
    prefix: queuePrefix,
  });
});
