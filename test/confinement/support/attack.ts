import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { compile } from "../../support/compile.ts";
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
  readonly verify: Report;
}

const checkout = resolve(import.meta.dirname, "../../..");

/** Deploys the hostile app by a worker process of its own, which was started with the machine's secrets. */
export async function attack(machine: Machine, mode: "required" | "off"): Promise<Found> {
  const { world, targets, environment } = machine;
  const drop = await openDrop();
  const verify = { command: ["node", "probe.mjs", "targets.json", String(drop.port)], within: 60 };
  const input = world.input({ worktree: await writeHostileApp(targets), policy: { verify } });
  const script = await compile("test/confinement/support/worker.ts");
  const worker = execa(process.execPath, [script], {
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
  await drop.close();
  const app = join(input.runDirectory, await onlyTry(input.runDirectory), "app");
  return {
    worker: worker.pid ?? 0,
    outcome: z.object({ kind: z.string() }).parse(JSON.parse(stdout)).kind,
    synth: parseReport(await readFile(join(app, "synth-report.json"), "utf8")),
    apply: parseReport(await readFile(join(app, "stacks", "only", "apply-report.json"), "utf8")),
    verify: parseReport(drop.heard.join("")),
  };
}

/** A port that keeps what it is told: the verification's own files are gone after it. */
async function openDrop() {
  const heard: string[] = [];
  const server = createServer((socket) => socket.on("data", (chunk) => heard.push(chunk.toString())));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { port, heard, close: () => new Promise((closed) => server.close(closed)) };
}

async function onlyTry(runDirectory: string): Promise<string> {
  const [name = ""] = (await readdir(runDirectory)).filter((entry) => entry.startsWith("try-"));
  return name;
}

const parseReport = (text: string): Report => reportSchema.parse(JSON.parse(text));
