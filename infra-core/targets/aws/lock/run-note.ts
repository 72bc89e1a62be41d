import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { adoptDetached } from "../../../../adapters/process/detached/adopt.ts";
import { identifySelf, isAlive, parseIdentity } from "../../../../adapters/process/detached/identity.ts";

/**
 * What this machine knows of a run that holds a lock, from before it takes the lock until after it has given it back. The
 * lock's id is its name. So nobody else's lock is ever taken for one of ours.
 */
export interface RunNote {
  /** Where the directory of the run's process is made. */
  readonly process: string;
  /** Begins the run of this command. */
  write(): Promise<void>;
  /**
   * Whether the run is over for good; waits for a Terraform that has outlived its command. False for a run of a living
   * command, and for one that this machine knows nothing of.
   */
  isOver(): Promise<boolean>;
  forget(): Promise<void>;
}

/** Whether a text, which anybody may have written, can be the id of a run. */
export const isRunId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** `directory`: absolute, of this installation's core. */
export function runNote(directory: string, id: string): RunNote {
  const place = join(directory, "runs", id);
  const [command, process] = [join(place, "command"), join(place, "process")];
  return {
    process,
    write: async () => {
      await mkdir(place, { recursive: true, mode: 0o700 });
      await writeFile(command, await identifySelf(), { mode: 0o600, flush: true });
    },
    isOver: async () => {
      const owner = parseIdentity(await readFile(command, "utf8").catch(() => ""));
      if (owner === undefined || (await isAlive(owner))) return false;
      // Without its command, what had not been started yet never will be.
      await mkdir(process, { recursive: true, mode: 0o700 });
      await (await adoptDetached(process)).exited;
      return true;
    },
    forget: async () => await rm(place, { recursive: true, force: true }),
  };
}
