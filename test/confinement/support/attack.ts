import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { writeHostileApp } from "./app.ts";
import type { Machine } from "./machine.ts";

const reportSchema = z.object({
  /** What was read in each place, or the error's code. */
  files: z.record(z.string(), z.string()),
  changed: z.record(z.string(), z.string()),
  /** All processes but the attacker's own. */
  processes: z.array(
    z.object({
      pid: z.number(),
      environ: z.string(),
      maps: z.string(),
      throughRoot: z.string(),
      descriptors: z.string(),
    }),
  ),
  network: z.record(z.string(), z.string()),
});
export type Report = z.output<typeof reportSchema>;

/** What the hostile app found in each phase, and the worker that ran it. */
export interface Found {
  readonly worker: number;
  readonly outcome: string;
  readonly synth: Report;
  readonly apply: Report;
}

const checkout = resolve(import.meta.dirname, "../../..");

/** Deploys the hostile app by a worker process of its own, which was started with the machine's secrets. */
export async function attack(machine: Machine, mode: "required" | "off"): Promise<Found> {
  const { world, targets, environment } = machine;
  const input = world.input({ worktree: await writeHostileApp(targets) });
  const script = join(import.meta.dirname, "worker.ts");
  const worker = execa(process.execPath, ["--import", "tsx", script], {
    cwd: checkout,
    extendEnv: false,
    env: { PATH: process.env.PATH ?? "", ...environment },
    input: JSON.stringify({
      input,
      tools: { terraform: world.tools.terraform, home: world.tools.home },
      mode,
    }),
  });
  const { stdout } = await worker;
  const app = join(input.runDirectory, await onlyTry(input.runDirectory), "app");
  return {
    worker: worker.pid ?? 0,
    outcome: z.object({ kind: z.string() }).parse(JSON.parse(stdout)).kind,
    synth: await readReport(join(app, "synth-report.json")),
    apply: await readReport(join(app, "stacks", "only", "apply-report.json")),
  };
}

async function onlyTry(runDirectory: string): Promise<string> {
  const [name = ""] = (await readdir(runDirectory)).filter((entry) => entry.startsWith("try-"));
  return name;
}

const readReport = async (file: string): Promise<Report> =>
  reportSchema.parse(JSON.parse(await readFile(file, "utf8")));
