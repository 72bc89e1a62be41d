import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sandbox } from "./sandbox.ts";

/** Runs programs as they are: they can read what the worker's user can read. */
export function unconfined(reason: string): Sandbox {
  return {
    kind: "none",
    reason,
    place: (mount) => mount.path,
    wrap: ({ file, args, cwd, env }) => ({ file, args, cwd, env }),
    async scratch(directory) {
      const home = join(directory, "home");
      await mkdir(home, { recursive: true, mode: 0o700 });
      // The machine's own, because a socket's path has room for about 100 characters.
      return { home, temporary: tmpdir(), mounts: [] };
    },
  };
}
