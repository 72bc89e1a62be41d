import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Stage } from "../../../demo/stage/stage.ts";
import type { Canary } from "./scan.ts";

const random = (): string => randomBytes(20).toString("hex");

/** What else may be in a worker's environment: keys of clouds and of anything, and a signing key of its own. */
export function surroundings(): Record<string, string> {
  const { privateKey } = generateKeyPairSync("ed25519");
  return {
    AWS_ACCESS_KEY_ID: `AKIA${random().slice(0, 16).toUpperCase()}`,
    AWS_SECRET_ACCESS_KEY: random(),
    DATABASE_PASSWORD: random(),
    WAYMARK_SIGNING_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    LOG_LEVEL: "trace",
  };
}

const secretVariables = [
  "PRIVATE_KEY",
  "WEBHOOK_SECRET",
  "WAYMARK_SIGNING_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "DATABASE_PASSWORD",
];

/** What the running worker really has in its environment, Redis' password included. Linux only. */
export async function environmentCanaries(stage: Stage): Promise<Canary[]> {
  const worker = stage.processes().find(({ name }) => name === "worker");
  const entries = (await readFile(`/proc/${worker?.pid}/environ`, "utf8")).split("\0");
  const variables = new Map(
    entries.map((entry) => [entry.split("=")[0], entry.slice(entry.indexOf("=") + 1)]),
  );
  const variable = (name: string): string => z.string().min(1).parse(variables.get(name));
  const { password } = new URL(variable("WAYMARK_REDIS_URL"));
  return [
    ...secretVariables.map((name) => ({ name, secret: variable(name) })),
    { name: "Redis' password", secret: password },
  ];
}

const tokenAnswer = z.object({ token: z.string().min(20) });

/** Every installation token that the local GitHub gave out. */
export function tokenCanaries({ github }: Stage): Canary[] {
  const answers = github.requests.filter(({ template }) => template.endsWith("/access_tokens"));
  return answers.map(({ answer }) => ({
    name: "an installation token",
    secret: tokenAnswer.parse(JSON.parse(answer)).token,
  }));
}
