import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import path from "node:path";
import { until } from "../stage/wait.ts";

const root = path.resolve(import.meta.dirname, "../..");
const python = path.join(root, ".waymark/moto/bin/python");
/** What a moto's command line is recognised by. */
export const motoProgram = path.join(root, "scripts/moto/server.py");

/** An AWS of one's own: an API server on loopback, which forgets everything when it ends. */
export interface Moto {
  readonly url: string;
  readonly pid: number;
  /** What makes AWS's own clients, and Terraform, talk to it; as a stranger whom it lets do anything. */
  readonly variables: Readonly<Record<string, string>>;
  /** From now on it asks the policies of whose key it is given; `false`: it lets everybody do anything. */
  authorize(on: boolean): Promise<void>;
  /** Keys of roles that were given until now are refused from now on, as if their time were over. */
  endSessions(): Promise<void>;
  close(): Promise<void>;
}

/** The account of a caller whose key nobody made. */
export const motoAccount = "123456789012";

export const motoRegion = "eu-central-1";

export interface MotoOptions {
  /** The file that gets its log. */
  readonly log: string;
  /** It outlives who started it, also when that is ended from a terminal. */
  readonly detached?: boolean;
}

/** Starts a moto on a port that it chooses. */
export async function startMoto({ log, detached = false }: MotoOptions): Promise<Moto> {
  if (!existsSync(python)) throw new Error("moto is missing: run node scripts/setup.mjs scripts/moto");
  await mkdir(path.dirname(log), { recursive: true });
  const file = await open(log, "w");
  const server = spawn(python, [motoProgram, "-p", "0"], {
    env: { PATH: process.env.PATH ?? "", PYTHONUNBUFFERED: "1" },
    // Into a file: a log that nobody reads on would stop it at a full pipe.
    stdio: ["ignore", "ignore", file.fd],
    detached,
  });
  const exited = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  await file.close();
  const url = await Promise.race([addressIn(log), exited.then(() => tellEnd(log))]);
  return {
    ...motoAt(url, server.pid ?? 0),
    close: async () => {
      server.kill("SIGKILL");
      await exited;
    },
  };
}

/** A moto that runs already. */
export function motoAt(url: string, pid: number): Moto {
  const post = async (name: string, body: string): Promise<void> => {
    const answer = await fetch(`${url}/moto-api/${name}`, { method: "POST", body });
    if (!answer.ok) throw new Error(`moto answers ${answer.status}`);
  };
  return {
    url,
    pid,
    variables: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "stranger",
      AWS_SECRET_ACCESS_KEY: "stranger's secret",
      AWS_REGION: motoRegion,
      AWS_EC2_METADATA_DISABLED: "true",
    },
    // How many requests it does not ask about, as Python writes it.
    authorize: (on) => post("reset-auth", on ? "0" : "inf"),
    endSessions: () => post("end-sessions", ""),
    close: async () => void process.kill(pid, "SIGKILL"),
  };
}

/** It says its address among its first lines. */
const addressIn = (log: string): Promise<string> =>
  until(
    "moto's address",
    async () => /Running on (http:\/\/[\d.]+:\d+)/.exec(await readFile(log, "utf8"))?.[1],
  );

async function tellEnd(log: string): Promise<never> {
  throw new Error(`moto ended:\n${(await readFile(log, "utf8")).slice(-5_000)}`);
}
