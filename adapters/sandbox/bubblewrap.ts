import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "../process/command.ts";
import type { ConfinedCommand, Mount, Sandbox } from "./sandbox.ts";

/** Descriptor on which bubblewrap tells the pid of a program that leads its own life; see the detached wrapper. */
const infoDescriptor = "3";

/**
 * Runs programs in namespaces of their own. Their environment is that of bubblewrap itself: `--setenv` would show it in
 * the argument list. `file`: path of bwrap. `system`: arguments that show the system's files.
 */
export function bubblewrap(file: string, system: readonly string[]): Sandbox {
  return {
    kind: "bubblewrap",
    place,
    wrap: (command) => wrap(file, system, command),
    scratch: makeScratch,
  };
}

async function makeScratch(directory: string) {
  const home = { path: join(directory, "home"), as: "/home/waymark", writable: true };
  const temporary = { path: join(directory, "tmp"), as: "/tmp", writable: true };
  const mounts = [home, temporary];
  await Promise.all(mounts.map(({ path }) => mkdir(path, { recursive: true, mode: 0o700 })));
  return { home: place(home), temporary: place(temporary), mounts };
}

function wrap(file: string, system: readonly string[], command: ConfinedCommand): Command {
  const args = [
    ...namespaces(command),
    ...system,
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"],
    ...outermostFirst(command.mounts).flatMap(bind),
    ...["--chdir", command.cwd, "--", command.file, ...command.args],
  ];
  const { env, lifetime } = command;
  return { file, args, cwd: "/", env, ...(lifetime === "own" && { announcesPid: true }) };
}

/**
 * Without capabilities, so that nothing inside can undo a mount. A user namespace of its own is what keeps a program
 * from reading /proc/<worker>/environ, even where it sees the worker's pid.
 */
function namespaces({ network, host, lifetime }: ConfinedCommand): string[] {
  const own = ["--unshare-user", "--unshare-ipc", "--unshare-uts", "--cap-drop", "ALL"];
  const offline = network ? [] : ["--unshare-net"];
  const named = host === undefined ? [] : ["--hostname", host];
  const bound = ["--unshare-pid", "--die-with-parent", "--new-session"];
  return [...own, ...offline, ...named, ...(lifetime === "worker" ? bound : ["--info-fd", infoDescriptor])];
}

const place = (mount: Mount): string => mount.as ?? mount.path;

/** A later mount hides an earlier one at or above its path. */
function outermostFirst(mounts: readonly Mount[]): Mount[] {
  return mounts.toSorted((a, b) => place(a).length - place(b).length);
}

function bind(mount: Mount): string[] {
  return [mount.writable ? "--bind" : "--ro-bind-try", mount.path, place(mount)];
}
