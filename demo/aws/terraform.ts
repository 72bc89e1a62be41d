import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { backendFor } from "../../adapters/synth/backend-block.ts";
import { findTerraform } from "../../adapters/terraform/find.ts";
import { inherited } from "../stage/inherited.ts";
import type { Stage } from "../stage/stage.ts";
import type { Identity } from "./clients.ts";
import { bindingOf } from "./session.ts";
import { awsOf } from "./stage.ts";

export interface Ended {
  readonly ok: boolean;
  /** What it printed, on both streams. */
  readonly said: string;
}

/** Terraform as somebody runs it by hand, in a directory of its own, on one of dev's states. */
export interface HandTerraform {
  /** `tell` hears all that it prints, as it comes. */
  run(identity: Identity, args: readonly string[], tell?: (chunk: string) => void): Promise<Ended>;
}

/** A directory whose stack has one resource, which gets a port through a gate when it is made, if one is given. */
export async function openTerraform(
  stage: Stage,
  { stack, name, waitsAt }: { readonly stack: string; readonly name: string; readonly waitsAt?: string },
): Promise<HandTerraform> {
  const directory = path.join(stage.directory, "terraform", name);
  const terraform = await findTerraform(process.env);
  const binding = await bindingOf(awsOf(stage), "dev");
  const { type, config } = backendFor(binding, stage.repository.id, stack);
  const command = `fetch(${JSON.stringify(waitsAt)})`;
  const thing = {
    triggers_replace: name,
    ...(waitsAt && { provisioner: [{ "local-exec": { interpreter: ["node", "-e"], command } }] }),
  };
  const text = JSON.stringify({
    terraform: { backend: { [type]: config } },
    resource: { terraform_data: { thing } },
  });
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, "cdk.tf.json"), text);
  return {
    run: async (identity, args, tell) => {
      const env = { ...inherited(), TF_INPUT: "0", TF_CLI_ARGS: "-no-color", ...identity };
      const options = { cwd: directory, env, extendEnv: false, reject: false, all: true } as const;
      const child = execa(terraform, args, options);
      if (tell) child.all.on("data", (chunk: Buffer) => tell(chunk.toString()));
      const { exitCode, all } = await child;
      return { ok: exitCode === 0, said: all };
    },
  };
}
