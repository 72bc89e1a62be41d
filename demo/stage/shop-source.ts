import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { policyPath } from "../../promotion/policy.ts";
import { freePorts } from "./port.ts";

export const environmentNames = ["dev", "staging", "prod"] as const;
export type EnvironmentName = (typeof environmentNames)[number];
export type Ports = Readonly<Record<EnvironmentName, number>>;

const reference = path.resolve(import.meta.dirname, "../../infra-app");
const generated = new Set(["node_modules", "dist", "cdktf.out", ".terraform"]);

/** Copies the reference application. */
export async function copyApp(directory: string): Promise<void> {
  await cp(reference, directory, {
    recursive: true,
    filter: (source) => !generated.has(path.basename(source)),
  });
}

/** What the repository begins with: a readme and a policy, in which each environment has a free port. */
export async function writeSeed(directory: string): Promise<Ports> {
  await mkdir(path.join(directory, ".github"), { recursive: true });
  await writeFile(path.join(directory, "README.md"), "# The shop\n");
  const [dev = 0, staging = 0, prod = 0] = await freePorts(environmentNames.length);
  const ports = { dev, staging, prod };
  await writeFile(path.join(directory, policyPath), await policyWith(ports));
  return ports;
}

/** The reference application's policy, with other ports. */
export async function policyWith(ports: Ports): Promise<string> {
  const policy = await readFile(path.join(reference, policyPath), "utf8");
  const names: Readonly<Record<string, EnvironmentName>> = { 4101: "dev", 4102: "staging", 4103: "prod" };
  // All at once: a port that is put in may hold the digits of another.
  return policy.replaceAll(/\b410[123]\b/g, (port) => String(ports[names[port] ?? "dev"]));
}
