import { startWeb } from "../app/web.ts";
import { readContext, registered, sharedRedis } from "./context.ts";
import { queuePrefix } from "./prefix.ts";
import { runUntilStopped } from "./run.ts";

await runUntilStopped(async () => {
  const { config, app, signer, log } = registered(readContext());
  const { host, port, registry } = config;
  return await startWeb({
    app,
    host,
    port,
    redisUrl: await sharedRedis(config),
    prefix: queuePrefix,
    registry,
    signer,
    log,
  });
});
