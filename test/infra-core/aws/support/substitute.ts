import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { parseStack } from "../../../../demo/aws/core/stack.ts";
import type { AwsCoreConfig } from "../../../../infra-core/targets/aws/config.ts";
import type {
  Synthesize,
  SynthesizedCoreStack,
} from "../../../../infra-core/targets/aws/lifecycle/stacks.ts";
import { synthesizeAwsCore } from "../../../../infra-core/targets/aws/synth.ts";

const synthesized = z.object({
  terraform: z.object({ backend: z.unknown() }),
  data: z.object({ terraform_remote_state: z.object({}).loose().optional() }).default({}),
  output: z.record(z.string(), z.unknown()).default({}),
});

const namesFile = "stacks.json";
const namesSchema = z.array(z.object({ name: z.string(), needs: z.array(z.string()) }));

/**
 * The core stacks for a Terraform that has no AWS provider, written below a directory once for all runs: their own
 * backends, their order, what they read of each other and their outputs, but one resource each, which takes a moment.
 * The core's makes its bucket.
 */
export async function prepareSubstitutes(
  config: AwsCoreConfig,
  prepared: string,
  directory: string,
): Promise<void> {
  for (const state of [{ type: "directory", directory }, { type: "bucket" }] as const) {
    const outdir = path.join(prepared, state.type);
    await mkdir(outdir, { recursive: true });
    const stacks = synthesizeAwsCore(config, state, outdir);
    await writeFile(path.join(outdir, namesFile), JSON.stringify(stacks));
    for (const { name } of stacks) await substitute(path.join(outdir, "stacks", name, "cdk.tf.json"), name);
  }
}

/** Synthesizes by copying what was prepared. */
export const preparedIn =
  (directory: string): Synthesize =>
  async (_config, state, outdir): Promise<readonly SynthesizedCoreStack[]> => {
    const prepared = path.join(directory, state.type);
    for (const entry of await readdir(prepared))
      await cp(path.join(prepared, entry), path.join(outdir, entry), { recursive: true });
    return namesSchema.parse(JSON.parse(await readFile(path.join(prepared, namesFile), "utf8")));
  };

async function substitute(file: string, name: string): Promise<void> {
  const text = await readFile(file, "utf8");
  const { terraform, data, output } = synthesized.parse(JSON.parse(text));
  const stack = parseStack(name, text);
  const buckets = name === "core" ? stack.resources("aws_s3_bucket").map(({ bucket }) => String(bucket)) : [];
  const commands = [...buckets.map(makeBucket), "sleep 0.3"];
  const made = { input: name, provisioner: commands.map((command) => ({ "local-exec": { command } })) };
  const outputs = Object.keys(output).map((id) => [id, { value: literal(stack.output(id)) }]);
  const substituted = {
    terraform: { backend: terraform.backend },
    ...(data.terraform_remote_state && {
      data: { terraform_remote_state: data.terraform_remote_state },
    }),
    resource: { terraform_data: { made } },
    ...(outputs.length > 0 && { output: Object.fromEntries(outputs) }),
  };
  await writeFile(file, JSON.stringify(substituted));
}

/** What nothing could resolve refers to what isn't there. */
const literal = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll("${", "$${"));

/** Nobody asks who does it: moto lets strangers do anything. Doing it again does no harm. */
function makeBucket(bucket: string): string {
  const authorization = "AWS4-HMAC-SHA256 Credential=stranger/20260101/eu-central-1/s3/aws4_request";
  const body =
    "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>";
  const options = JSON.stringify({ method: "PUT", headers: { authorization }, body });
  return `node -e 'fetch(process.env.AWS_ENDPOINT_URL + "/${bucket}", ${options})'`;
}
