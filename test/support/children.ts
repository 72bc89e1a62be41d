import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** How long a process may take to end after it was told to, in milliseconds. */
const patience = 5000;

/** Command lines of this process's children that do not end by themselves. Linux only: elsewhere none is seen. */
export async function leftoverChildren(): Promise<readonly string[]> {
  const deadline = Date.now() + patience;
  for (;;) {
    const children = runningChildren();
    if (children.length === 0 || Date.now() > deadline) return children;
    await setTimeout(50);
  }
}

function runningChildren(): readonly string[] {
  const tasks = `/proc/${process.pid}/task`;
  if (!existsSync(tasks)) return [];
  return readdirSync(tasks)
    .flatMap((task) => readText(`${tasks}/${task}/children`).split(" "))
    .filter((pid) => pid.trim() !== "")
    .map((pid) => `${pid}: ${readText(`/proc/${pid}/cmdline`).replaceAll("\0", " ")}`)
    .filter((line) => !isPartOfTheRunner(line));
}

/** The compiler service that the test runner itself keeps. */
function isPartOfTheRunner(line: string): boolean {
  return line.includes("esbuild --service");
}

/** Empty when the process ended while it was looked at. */
function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
