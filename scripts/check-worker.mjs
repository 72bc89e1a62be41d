// Whether the worker on this machine is alive, as Redis sees it: every few seconds it asks for work or renews the
// locks of what it does, so a connection from here that was used lately proves that its event loop turns.
// Argument: seconds of silence that are still fine. Exit code 0 or 1.
import { networkInterfaces } from "node:os";
import { Redis } from "ioredis";

const longestSilence = Number(process.argv[2] ?? 60);

const redis = new Redis(process.env.WAYMARK_REDIS_URL ?? "", {
  maxRetriesPerRequest: 1,
  connectTimeout: 3_000,
});
// Without a listener ioredis prints every failed attempt; the command below fails anyway.
redis.on("error", () => {});

try {
  const own = await redis.client("ID");
  const clients = String(await redis.client("LIST"))
    .trim()
    .split("\n")
    .map(parseClient);
  const isAlive = ({ id, addr, idle }) =>
    id !== String(own) && isLocal(addr) && Number(idle) <= longestSilence;
  process.exitCode = clients.some(isAlive) ? 0 : 1;
} catch {
  process.exitCode = 1;
} finally {
  redis.disconnect();
}

/** One line of CLIENT LIST: `id=3 addr=172.18.0.4:51442 … idle=2 …`. */
function parseClient(line) {
  return Object.fromEntries(line.split(" ").map((field) => field.split(/=(.*)/s, 2)));
}

function isLocal(addr) {
  const host = addr.slice(0, addr.lastIndexOf(":")).replace(/^\[|\]$/g, "");
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => address === host),
  );
}
