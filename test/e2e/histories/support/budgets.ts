import { Redis } from "ioredis";

export interface BudgetWatch {
  /** For each installation that wrote, how many processes asked Redis for their turn. */
  writers(): readonly number[];
  close(): void;
}

/** Watches who takes from the write budgets in a Redis. */
export async function watchBudgets(url: string): Promise<BudgetWatch> {
  const connection = new Redis(url);
  const monitor = await connection.monitor();
  const sources = new Map<string, Set<string>>();
  monitor.on("monitor", (_time: string, args: readonly string[], source: string) => {
    const bucket = args.find((arg) => arg.startsWith("waymark:tokens:installation-"));
    if (bucket === undefined || source === "lua") return;
    sources.set(bucket, (sources.get(bucket) ?? new Set()).add(source));
  });
  return {
    writers: () => [...sources.values()].map(({ size }) => size),
    close: () => {
      monitor.disconnect();
      connection.disconnect();
    },
  };
}
