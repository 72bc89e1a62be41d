import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { stopEmbeddedRedis } from "../../service/redis.ts";
import { findMoto } from "../aws/leftover.ts";
import type { Moto } from "../aws/moto.ts";
import { destroyEverything } from "./destroy.ts";

/** Ends what was deployed, and then the AWS that holds its states, if there is one. */
export async function destroyAll(directory: string, moto: Moto | undefined): Promise<void> {
  await moto?.authorize(false);
  await destroyEverything(directory, moto?.variables);
  await moto?.close();
}

/** What a demo that was killed may have left running on this stage. Ended before the stage is built anew. */
export async function endLeftovers(directory: string): Promise<void> {
  for (const pid of await readPids(directory)) await endService(pid);
  await stopEmbeddedRedis(path.join(directory, "redis"));
  await destroyAll(directory, await findMoto(directory));
  await rm(directory, { recursive: true, force: true });
}

/** Written when processes start, so that a later demo finds them. */
export async function rememberPids(directory: string, pids: readonly number[]): Promise<void> {
  await writeFile(pidFile(directory), pids.join("\n"));
}

const pidFile = (directory: string): string => path.join(directory, "pids");

async function readPids(directory: string): Promise<readonly number[]> {
  const text = await readFile(pidFile(directory), "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => (/^[1-9][0-9]*$/.test(line) ? [Number(line)] : []));
}

/** A number may belong to somebody else by now: only a process of ours is ended. */
async function endService(pid: number): Promise<void> {
  const { stdout } = await execa("ps", ["-o", "command=", "-p", String(pid)], { reject: false });
  if (/service\/(web|worker)\.ts/.test(stdout)) process.kill(pid, "SIGKILL");
}
