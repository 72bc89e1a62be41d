import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { processDirectory, readProgramPid } from "../../../../adapters/process/detached/directory.ts";
import { runsDirectory } from "../../../../jobs/phases/run-directory.ts";
import { doorFiles } from "./application.ts";
import { until } from "./until.ts";

/** What a worker's runs leave on the disk of its machine, for waiting only. */
export interface Runs {
  /** Resolves when some run of the repository has a file whose path ends so. */
  untilFile(ending: string): Promise<void>;
  /** Kills the Terraform that applies a stack with -9, and nothing of what it has started. */
  killApply(stack: string): Promise<void>;
  /** How many runs through the phases were begun, by whatever worker. */
  begun(): Promise<number>;
  /** Waits until a synth stands at its door that was not let in yet; gives what lets it in. */
  nextDoor(): Promise<() => Promise<void>>;
}

export function lookAtRuns(home: string, repositoryId: number): Runs {
  const directory = runsDirectory(home, repositoryId, "dev");
  const opened = new Set<string>();
  const files = async (ending: string): Promise<readonly string[]> => {
    const names = await readdir(directory, { recursive: true });
    return names.filter((name) => name.endsWith(ending));
  };
  return {
    untilFile: async (ending) => {
      await until(ending, async () => (await files(ending)).length > 0);
    },
    killApply: async (stack) => {
      const [apply = ""] = await files(path.join("stacks", stack, "apply"));
      const pid = await readProgramPid(processDirectory(path.join(directory, apply)));
      if (pid === undefined) throw new Error(`nothing applies ${stack}`);
      process.kill(pid, "SIGKILL");
    },
    begun: async () => (await files("/journal.json")).length,
    nextDoor: async () => {
      const door = await until("a synth at its door", async () =>
        (await files(path.join("checkout", doorFiles.waiting))).find((name) => !opened.has(name)),
      );
      opened.add(door);
      return () => writeFile(path.join(directory, path.dirname(door), doorFiles.open), "");
    },
  };
}
