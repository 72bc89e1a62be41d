import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { runDirectory } from "../../../../jobs/phases/run-directory.ts";
import { compile } from "../../../support/compile.ts";
import { type AppSpec, writeCheckout } from "./app.ts";
import type { World } from "./world.ts";

/** A worker process of its own, with one deployment to dev. */
export interface StartedWorker {
  readonly attemptId: string;
  /** The content of a file in its try; empty while there is none. */
  read(file: string): Promise<string>;
  readonly ended: Promise<unknown>;
  /** It alone, with -9: what it started lives on. */
  kill(): Promise<void>;
  /** The process of a step and all that this has started, with -9: as when a machine loses its power. */
  killStep(step: string): Promise<void>;
  /** The program of a step alone, with -9. */
  killProgram(step: string): Promise<void>;
}

/** `home`: its WAYMARK_HOME. */
export async function startWorker(
  world: World,
  app: AppSpec,
  home = world.tools.home,
): Promise<StartedWorker> {
  const attemptId = randomBytes(20).toString("hex");
  const attempt = runDirectory(home, 7, "dev", attemptId);
  const input = world.input({ attemptId, worktree: await writeCheckout(app), runDirectory: attempt });
  const { PATH, AWS_ENDPOINT_URL } = world.tools.variables;
  const tools = { ...world.tools, home, variables: { PATH, AWS_ENDPOINT_URL } };
  const worker = await launch();
  const ended = once(worker, "exit");
  worker.stdin?.end(JSON.stringify({ input, tools }));
  const read = async (file: string) => {
    const [name = ""] = await readdir(attempt).catch(() => []);
    return await readFile(join(attempt, name, file), "utf8").catch(() => "");
  };
  return {
    attemptId,
    ended,
    read,
    kill: async () => {
      worker.kill("SIGKILL");
      await ended;
    },
    killStep: async (step) => {
      const [leader] = (await read(`${step}/process`)).split("\n");
      process.kill(-Number(leader), "SIGKILL");
    },
    killProgram: async (step) => {
      const [, inside] = /"child-pid": *([0-9]+)/.exec(await read(`${step}/info`)) ?? [];
      process.kill(Number(inside ?? (await read(`${step}/child`))), "SIGKILL");
    },
  };
}

async function launch(): Promise<ChildProcess> {
  const program = await compile("test/jobs/phases/support/worker.ts");
  return spawn(process.execPath, [program], { stdio: ["pipe", "ignore", "inherit"] });
}
