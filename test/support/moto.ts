import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

const python = path.resolve(import.meta.dirname, "../../.waymark/moto/bin/python");

const program = path.resolve(import.meta.dirname, "../../scripts/moto/server.py");

/** An AWS of the test's own: an API server on loopback, which forgets everything when it ends. */
export interface Moto {
  readonly url: string;
  /** What makes AWS's own clients, and Terraform, talk to it; as a stranger whom it lets do anything. */
  readonly variables: Readonly<Record<string, string>>;
  /** From now on it asks the policies of whose key it is given; `false`: it lets everybody do anything. */
  authorize(on: boolean): Promise<void>;
  close(): Promise<void>;
}

/** The account of a caller whose key nobody made. */
export const motoAccount = "123456789012";

export async function startMoto(): Promise<Moto> {
  if (!existsSync(python)) throw new Error("moto is missing: run node scripts/setup.mjs scripts/moto");
  const server = spawn(python, [program, "-p", "0"], {
    env: { PATH: process.env.PATH ?? "", PYTHONUNBUFFERED: "1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(server, "exit");
  const url = await addressIn(server.stderr, exited);
  return {
    url,
    variables: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "stranger",
      AWS_SECRET_ACCESS_KEY: "stranger's secret",
      AWS_REGION: "eu-central-1",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    authorize: async (on) => {
      const unchecked = on ? 0 : Number.POSITIVE_INFINITY;
      const answer = await fetch(`${url}/moto-api/reset-auth`, { method: "POST", body: spelled(unchecked) });
      if (!answer.ok) throw new Error(`moto answers ${answer.status}`);
    },
    close: async () => {
      server.kill("SIGKILL");
      await exited;
    },
  };
}

/** As Python writes a number of requests. */
const spelled = (count: number): string => (Number.isFinite(count) ? String(count) : "inf");

/** It chooses a free port, and says it among its first lines. */
async function addressIn(stderr: NodeJS.ReadableStream, exited: Promise<unknown>): Promise<string> {
  const lines = createInterface({ input: stderr });
  const told: string[] = [];
  const address = new Promise<string>((resolve) => {
    lines.on("line", (line) => {
      // Its log of requests must be read on, or it would stop at a full pipe.
      const found = told.length < 100 && /Running on (http:\/\/[\d.]+:\d+)/.exec(line)?.[1];
      told.push(line.slice(0, 200));
      if (told.length > 100) told.shift();
      if (found) resolve(found);
    });
  });
  const ended = exited.then(() => {
    throw new Error(`moto ended:\n${told.join("\n")}`);
  });
  ended.catch(() => undefined);
  return await Promise.race([address, ended]);
}
