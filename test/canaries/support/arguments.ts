import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Place } from "./scan.ts";

/** Watches the argument lists of all processes of this machine. */
export interface ArgumentSampler {
  /** Ends the watching; gives what was seen. */
  stop(): Promise<Place>;
}

/** Resolves once the watching has begun. */
export async function sampleArguments(): Promise<ArgumentSampler> {
  const script = join(import.meta.dirname, "sample-arguments.mjs");
  const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const closed = once(reader, "close");
  await once(reader, "line");
  return {
    stop: async () => {
      child.stdin.end();
      await closed;
      return { name: "argument lists", content: lines.join("\n") };
    },
  };
}
