import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { sharedBudget } from "../../../adapters/github/shared-budget.ts";
import { burst } from "../../../adapters/github/write-budget.ts";
import { connectForCommands } from "../../../adapters/redis/connect.ts";
import { type TakeToken, tokenBuckets } from "../../../adapters/redis/token-bucket.ts";
import { keepLog } from "../../app/support/log.ts";
import { type MortalRedis, startMortalRedis } from "../../e2e/histories/support/redis.ts";
import { type Started, startProgram } from "../../service/support.ts";
import { deferred } from "../../support/deferred.ts";
import { freshDirectory } from "../../support/directory.ts";
import { ask } from "../../support/redis.ts";
import { silentLog } from "../../support/waymark.ts";

/** Milliseconds: an hour, so that nothing grows back while a test runs. */
const interval = 3_600_000;
const id = "installation-1";

let redis: MortalRedis;
beforeAll(async () => {
  redis = await startMortalRedis(`${await freshDirectory()}/redis`);
});
afterAll(() => redis.close());

/** How many tokens were taken, of which none has grown back. */
const taken = async (prefix: string) =>
  Math.ceil(Number(await ask(redis.url, "PTTL", `${prefix}:tokens:${id}`)) / interval);

/** Ends with the test, however that ends. */
async function startWriter(PREFIX: string): Promise<Started> {
  const environment = { REDIS_URL: redis.url, PREFIX, INTERVAL: String(interval) };
  const writer = await startProgram("test/adapters/github/writer.ts", [], { environment });
  onTestFinished(async () => void (await writer.end("SIGKILL")));
  return writer;
}

it("two processes together write what one may, and one that is killed takes nothing with it", async () => {
  const writers = [await startWriter("two"), await startWriter("two")];
  const turns = () =>
    writers
      .map(({ out }) => out())
      .join("")
      .split("\n").length - 1;
  // Beyond the burst each process has asked for one more, and waits.
  await expect.poll(() => taken("two"), { timeout: 20_000 }).toBe(burst + 2);
  await expect.poll(turns).toBe(burst);
  for (const writer of writers) expect(await writer.end("SIGKILL")).toBe("SIGKILL");
  expect(turns()).toBe(burst);
  const connection = connectForCommands(redis.url);
  const wait = await tokenBuckets(connection, "two", { burst, interval })(id);
  expect(Math.ceil(wait / interval)).toBe(3);
  connection.disconnect();
});

it("a process asks for one turn of an id after another, and for those of other ids meanwhile", async () => {
  const first = deferred<number>();
  const asked: string[] = [];
  const take: TakeToken = (name) => {
    asked.push(name);
    return asked.length === 1 ? first.promise : Promise.resolve(0);
  };
  const { turn } = sharedBudget(take, silentLog);
  const waiting = [turn("a"), turn("a")];
  await turn("b");
  expect(asked).toEqual(["a", "b"]);
  first.resolve(0);
  await Promise.all(waiting);
  expect(asked).toEqual(["a", "b", "a"]);
});

describe("a Redis", () => {
  it("that is away holds no write up, the log is told, and after a restart what was taken still is", async () => {
    const { log, lines } = keepLog();
    const connection = connectForCommands(redis.url);
    const { turn } = sharedBudget(tokenBuckets(connection, "away", { burst, interval }), log);
    for (let turns = 0; turns < 5; turns += 1) await turn(id);
    await redis.kill();
    await turn(id);
    expect(lines.join("")).toContain(`"client":"${id}"`);
    await redis.restart();
    await expect.poll(() => connection.ping().catch(() => "")).toBe("PONG");
    await turn(id);
    expect(await taken("away")).toBe(6);
    connection.disconnect();
  });

  it("that was wiped counts from then on", async () => {
    const connection = connectForCommands(redis.url);
    const { turn } = sharedBudget(tokenBuckets(connection, "wiped", { burst, interval }), silentLog);
    await turn(id);
    await redis.wipe();
    await turn(id);
    expect(await taken("wiped")).toBe(1);
    connection.disconnect();
  });
});
