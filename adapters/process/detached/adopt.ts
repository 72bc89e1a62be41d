import { type DetachedProcess, stopOnce } from "./detached.ts";
import { claim, processDirectory } from "./directory.ts";
import { waitForEnd } from "./end.ts";

/**
 * Takes over the process of a directory that an earlier worker made. A process that had not come to life by now never
 * will: its exit is then `never-started`.
 */
export async function adoptDetached(path: string): Promise<DetachedProcess> {
  const directory = processDirectory(path);
  await claim(directory);
  return { directory, exited: waitForEnd(directory), stop: () => stopOnce(directory) };
}
