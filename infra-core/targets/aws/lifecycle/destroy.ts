import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CoreResult } from "../../../core.ts";
import { inUse, resourcesIn } from "../../../in-use.ts";
import type { AwsEnvironment } from "../config.ts";
import { stateBucketName } from "../names.ts";
import { s3At } from "./clients.ts";
import { storedState } from "./own-bucket.ts";
import { type Installation, type RunnableStack, withStacks } from "./stacks.ts";

/**
 * Destroys all stacks, the last one first, with all that their buckets hold. The core's own state is brought home before
 * its bucket goes: interrupted anywhere, the next run goes on.
 */
export async function destroyAll(installation: Installation): Promise<CoreResult> {
  const { config, directory, tools } = installation;
  const held = await heldStates(installation);
  if (held.length > 0) throw inUse(held);
  const names = config.environments.map(({ name }) => name).join(", ");
  const warning = `All core stacks are destroyed (${names}), with every state, bundle, log and image in them.`;
  if (!(await tools.approve(warning))) return "declined";
  const own = await storedState(config, "core");
  if (own !== undefined) {
    await withStacks(installation, { type: "bucket" }, (stacks) =>
      destroyStacks(stacks.filter(({ name }) => name !== "core")),
    );
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(join(directory, "core.tfstate"), own, { mode: 0o600, flush: true });
  }
  await withStacks(installation, { type: "directory", directory }, (stacks) =>
    destroyStacks(stacks.filter(({ name }) => name === "core")),
  );
  await rm(directory, { recursive: true, force: true });
  return "done";
}

async function destroyStacks(stacks: readonly RunnableStack[]): Promise<void> {
  for (const { run, runLocked, allowDestroy } of stacks.toReversed()) {
    await allowDestroy();
    await run(["init", "-no-color", "-input=false"]);
    // First as it is: that its content may go too, a bucket's own state must know.
    await runLocked(["apply", "-no-color", "-auto-approve"]);
    await runLocked(["destroy", "-no-color", "-auto-approve"]);
  }
}

/**
 * States of deployments that hold resources, of any repository. What the buckets are called is asked of nobody: with a
 * registry that can't be read, everything would look unused.
 */
async function heldStates({ config }: Installation): Promise<string[]> {
  const held = config.environments.map(async (place) => {
    const owner = { name: config.name, environment: place.name };
    return await heldIn(stateBucketName(owner, place.account), place).catch(noneWithoutBucket);
  });
  return (await Promise.all(held)).flat();
}

async function heldIn(Bucket: string, place: AwsEnvironment): Promise<string[]> {
  const { GetObjectCommand, paginateListObjectsV2 } = await import("@aws-sdk/client-s3");
  const client = await s3At(place);
  const held: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
    for (const { Key = "" } of Contents.filter(({ Key }) => Key?.endsWith(".tfstate"))) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      if (resourcesIn((await Body?.transformToString()) ?? "") > 0) held.push(`s3://${Bucket}/${Key}`);
    }
  }
  client.destroy();
  return held;
}

function noneWithoutBucket(error: unknown): string[] {
  if (error instanceof Error && error.name === "NoSuchBucket") return [];
  throw error;
}
