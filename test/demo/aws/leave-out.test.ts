import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { leaveOut } from "../../../demo/aws/core/leave-out.ts";
import { parseStack } from "../../../demo/aws/core/stack.ts";
import { stackOf, synthesize } from "../../infra-core/aws/support/core.ts";
import { freshDirectory } from "../../support/directory.ts";

test("what the stage can't take is left out of a core stack, and nothing refers to it any more", async () => {
  const file = path.join(await freshDirectory(), "cdk.tf.json");
  const whole = stackOf(await synthesize(), "environment-dev");
  await writeFile(file, whole.text);
  await leaveOut(file);
  const left = parseStack("environment-dev", await readFile(file, "utf8"));
  expect(Object.keys(whole.providers)).toEqual(["aws", "github"]);
  expect(Object.keys(left.providers)).toEqual(["aws"]);
  expect(left.text).not.toMatch(/integrations\/github|\$\{github_|\$\{aws_s3_bucket_policy/);
  for (const type of ["aws_s3_bucket", "aws_iam_role", "aws_iam_role_policy"])
    expect(left.resources(type)).toEqual(whole.resources(type));
  expect([
    whole.resources("aws_s3_bucket_policy").length,
    left.resources("aws_s3_bucket_policy").length,
  ]).toEqual([2, 0]);
  expect(left.output("bindings")).toEqual(whole.output("bindings"));
});
