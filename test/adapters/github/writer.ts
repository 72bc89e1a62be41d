import { sharedBudget } from "../../../adapters/github/shared-budget.ts";
import { burst } from "../../../adapters/github/write-budget.ts";
import { connectForCommands } from "../../../adapters/redis/connect.ts";
import { tokenBuckets } from "../../../adapters/redis/token-bucket.ts";
import { silentLog } from "../../support/waymark.ts";

// A process that wants to write without end, and says a word at each of its turns.
const { REDIS_URL = "", PREFIX = "", INTERVAL = "" } = process.env;
const take = tokenBuckets(connectForCommands(REDIS_URL), PREFIX, { burst, interval: Number(INTERVAL) });
const budget = sharedBudget(take, silentLog);
for (let count = 0; count < 100; count += 1) {
  void budget.turn("installation-1").then(() => process.stdout.write("turn\n"));
}
