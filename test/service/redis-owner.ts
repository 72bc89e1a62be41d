import { startEmbeddedRedis } from "../../service/redis.ts";

/** A process that owns an embedded Redis until it is killed. */
const { url } = await startEmbeddedRedis(process.argv[2] ?? "", process.env.PATH ?? "");
process.stdout.write(`owns ${url}\n`);
setInterval(() => undefined, 60_000);
