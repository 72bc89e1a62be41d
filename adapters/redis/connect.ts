import { Redis } from "ioredis";

/** Milliseconds after which a Redis that does not answer counts as gone. */
const answerWithin = 5000;

/** A connection for giving orders: a call fails soon when Redis is gone, instead of waiting for it. */
export function connectForCommands(url: string): Redis {
  return quiet(
    new Redis(url, { commandTimeout: answerWithin, maxRetriesPerRequest: 1, connectTimeout: answerWithin }),
  );
}

/** A connection for a BullMQ worker, which waits in Redis for work and outlives its absence. */
export function connectForWork(url: string): Redis {
  return quiet(new Redis(url, { maxRetriesPerRequest: null }));
}

/** Without a listener an error event ends the process; every caller sees its own failing command anyway. */
function quiet(connection: Redis): Redis {
  return connection.on("error", () => undefined);
}
