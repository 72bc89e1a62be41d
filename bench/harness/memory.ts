import { execa } from "execa";

/** Resident memory of processes (without their children), in MB, by process number. */
export async function residentMemory(pids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const { stdout } = await execa("ps", ["-o", "pid=,rss=", "-p", pids.join(",")], { reject: false });
  const lines = stdout.split("\n").flatMap((line) => {
    const [pid, kilobytes] = line.trim().split(/\s+/).map(Number);
    return pid && kilobytes ? [[pid, (kilobytes * 1024) / 1e6] as const] : [];
  });
  return new Map(lines);
}

export interface MemoryWatch {
  /** Stops watching; gives the most that any one of the processes had at any time, in MB. */
  stop(): number;
}

/** Milliseconds between two looks. */
const interval = 1000;

export function watchMemory(pids: readonly number[]): MemoryWatch {
  let most = 0;
  const look = async (): Promise<void> => {
    most = Math.max(most, ...(await residentMemory(pids)).values());
  };
  const timer = setInterval(() => void look(), interval);
  return {
    stop: () => {
      clearInterval(timer);
      return most;
    },
  };
}
