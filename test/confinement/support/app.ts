import { randomUUID } from "node:crypto";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freshDirectory } from "../../support/directory.ts";

/** What the hostile app shall try to reach. */
export interface Targets {
  readonly files: Readonly<Record<string, string>>;
  readonly network: Readonly<
    Record<string, { readonly host: string; readonly port: number; readonly line: string }>
  >;
}

/** A checkout whose synth and whose apply each try everything, and keep silent about it but for a file. */
export async function writeHostileApp(targets: Targets): Promise<string> {
  const checkout = await freshDirectory();
  await cp(join(import.meta.dirname, "probe.mjs"), join(checkout, "probe.mjs"));
  const files = {
    "cdktf.json": { app: "node main.mjs" },
    "targets.json": targets,
    "stack.json": stack(),
    "manifest.json": manifest,
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(checkout, name), JSON.stringify(content));
  await writeFile(join(checkout, "main.mjs"), program);
  return checkout;
}

const program = `
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { probe } from "./probe.mjs";
const out = process.env.CDKTF_OUTDIR;
mkdirSync(out + "/stacks/only", { recursive: true });
for (const name of ["probe.mjs", "targets.json"]) cpSync(name, out + "/stacks/only/" + name);
cpSync("manifest.json", out + "/manifest.json");
cpSync("stack.json", out + "/stacks/only/cdk.tf.json");
await probe(JSON.parse(readFileSync("targets.json", "utf8")), out + "/synth-report.json");
`;

const manifest = {
  version: "0.24.0",
  stacks: {
    only: {
      name: "only",
      constructPath: "only",
      workingDirectory: "stacks/only",
      synthesizedStackPath: "stacks/only/cdk.tf.json",
      dependencies: [],
      annotations: [],
    },
  },
};

const command = "probe.mjs targets.json apply-report.json";
/** Made anew each time, or Terraform would find that the resource is there already. */
const stack = () => ({
  terraform: { backend: { local: { path: "only.tfstate" } } },
  resource: {
    terraform_data: {
      thing: {
        triggers_replace: randomUUID(),
        provisioner: [{ "local-exec": { interpreter: ["/bin/sh", "-c"], command: `node ${command}` } }],
      },
    },
  },
});
