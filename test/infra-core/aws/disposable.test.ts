import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseStack, type Stack } from "../../../demo/aws/core/stack.ts";
import { makeDisposable } from "../../../infra-core/targets/aws/lifecycle/disposable.ts";
import { synthesizeAwsCore } from "../../../infra-core/targets/aws/synth.ts";
import { configure } from "./support/core.ts";

let outdir: string;
beforeEach(async () => {
  outdir = await mkdtemp(path.join(tmpdir(), "core-aws-"));
  synthesizeAwsCore(await configure(), { type: "bucket" }, outdir);
});
afterEach(() => rm(outdir, { recursive: true }));

async function stacks(): Promise<Stack[]> {
  const names = await readdir(path.join(outdir, "stacks"));
  return await Promise.all(names.map(async (name) => parseStack(name, await readFile(fileOf(name), "utf8"))));
}
const fileOf = (name: string) => path.join(outdir, "stacks", name, "cdk.tf.json");

test("what no apply may destroy can be destroyed once it is made disposable, and nothing else changes", async () => {
  const before = await stacks();
  expect(before.filter(({ text }) => text.includes("prevent_destroy"))).not.toEqual([]);
  for (const name of await readdir(path.join(outdir, "stacks"))) await makeDisposable(fileOf(name));
  const after = await stacks();
  for (const [index, stack] of after.entries()) {
    expect(stack.text).not.toContain("prevent_destroy");
    for (const bucket of stack.resources("aws_s3_bucket")) expect(bucket.force_destroy).toBe(true);
    for (const images of stack.resources("aws_ecr_repository")) expect(images.force_delete).toBe(true);
    expect(stack.resources("aws_iam_role")).toEqual(before[index]?.resources("aws_iam_role"));
  }
});
