import { startDetached } from "../../../../adapters/process/detached/start.ts";
import { openLock } from "../../../../infra-core/targets/aws/lock/lock-object.ts";
import { withLock } from "../../../../infra-core/targets/aws/lock/state-lock.ts";
import { configure } from "./core.ts";
import { oneAccount } from "./installation.ts";

// Holds the lock of a core stack in a process of its own, until it is killed. Arguments: the installation's name, the
// stack, the directory of its runs, and what to leave running.
const [name = "", stack = "", directory = "", program = ""] = process.argv.slice(2);
const options = {
  lock: await openLock(await configure({ ...oneAccount, name }), stack),
  directory,
  operation: "apply",
  patience: 0,
  report: () => undefined,
  signal: new AbortController().signal,
};
await withLock(options, async (place) => {
  const command = { file: "/bin/sh", args: ["-c", program], cwd: directory, env: { PATH: "/usr/bin:/bin" } };
  await startDetached(command, place);
  process.stdout.write("held\n");
  await new Promise(() => setInterval(() => undefined, 1000));
});
