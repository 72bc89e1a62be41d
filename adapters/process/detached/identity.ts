import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** A process beyond the reuse of its number: the same pid with another start time is another process. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot on Linux, elsewhere the date that `ps` prints. */
  readonly start: string;
}

/** Parses the wrapper's `process` file: its pid, then /proc/<pid>/stat or the start date. Undefined: not complete. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  const match = /^([0-9]+)\n(.+)\n$/.exec(text);
  if (!match?.[1] || !match[2]) return undefined;
  return { pid: Number(match[1]), start: parseStat(match[2])?.start ?? match[2].trim() };
}

/** Who this process is, as `parseIdentity` reads it. */
export async function identifySelf(): Promise<string> {
  const { pid, platform } = process;
  const start = platform === "linux" ? (await readStat(pid))?.start : await printedStart(pid);
  return `${pid}\n${start ?? ""}\n`;
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  if (process.platform === "linux") {
    const stat = await readStat(identity.pid);
    return stat !== undefined && stat.start === identity.start && stat.state !== "Z";
  }
  return (await printedStart(identity.pid)) === identity.start;
}

/** Whether a process belongs to the session that a detached wrapper leads: proof that it is the wrapper's own. */
export async function isInSession(pid: number, leader: ProcessIdentity): Promise<boolean> {
  if (process.platform !== "linux") return true;
  const stat = await readStat(pid);
  return stat !== undefined && stat.session === leader.pid && stat.state !== "Z";
}

interface Stat {
  readonly state: string;
  readonly session: number;
  readonly start: string;
}

async function readStat(pid: number): Promise<Stat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return parseStat(text);
}

/** See proc(5): the command in parentheses may hold anything, so fields count from the last one. */
function parseStat(text: string): Stat | undefined {
  const end = text.lastIndexOf(")");
  const fields = text.slice(end + 2).split(" ");
  const [state, session, start] = [fields[0], fields[3], fields[19]];
  if (end < 0 || !state || !session || !start) return undefined;
  return { state, session: Number(session), start: start.trim() };
}

async function printedStart(pid: number): Promise<string> {
  const env = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
  const listed = await promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)], { env }).catch(
    () => undefined,
  );
  return listed?.stdout.trim() ?? "";
}
