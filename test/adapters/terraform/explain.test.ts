import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConstructs } from "../../../adapters/terraform/construct-path.ts";
import type { Diagnostic } from "../../../adapters/terraform/event.ts";
import { explain } from "../../../adapters/terraform/explain.ts";
import { lockHolderIn } from "../../../adapters/terraform/lock-holder.ts";
import { freshDirectory } from "../../support/directory.ts";

const explained = (error: Partial<Diagnostic> & { readonly summary: string }) =>
  explain({
    stack: "shop",
    step: "apply",
    exit: { kind: "exited", code: 1 },
    errors: [{ severity: "error", detail: "", ...error }],
    stderr: "",
    constructOf: () => undefined,
  });

test("what exists already is told with the address, and with the import to write", () => {
  const { code, next } = explained({
    summary: "creating S3 Bucket (logs): BucketAlreadyOwnedByYou",
    address: 'aws_s3_bucket.logs["a"]',
  });
  expect(code).toBe("resource-exists");
  expect(next).toContain('`{"import":[{"to":"aws_s3_bucket.logs[\\"a\\"]","id":"<its id>"}]}`');
  expect(next).toContain('`importFrom("<its id>")`');
});

test("without an address the advice stays general", () => {
  expect(explained({ summary: "Role with name x already exists." }).next).toMatch(/^Import the resource/);
});

test.each([
  ["no lock at all", "Error acquiring the state lock: mkdir /x: no such file or directory"],
  ["a lock of nobody", "Lock Info:\n  ID:        1\n  Path:      x\n"],
])("%s has no holder", (_, message) => {
  expect(lockHolderIn(message)).toBeUndefined();
});

test("a holder is read however the lines stand around it", () => {
  const message =
    "Lock Info:\r\n  ID:        abc\n  Operation: OperationTypePlan\n  Who:       ada@box\n  Version:   1.11.4\n  Created:   2026-11-21 06:12:33.340002781 +0000 UTC\n  Info:      \n\nTerraform acquires";
  expect(lockHolderIn(message)).toEqual({
    id: "abc",
    who: "ada@box",
    since: "2026-11-21 06:12:33 UTC",
    operation: "plan",
  });
});

const made = (path: string) => ({ "//": { metadata: { path, uniqueId: "x" } } });

async function constructs(stack: unknown) {
  const directory = await freshDirectory();
  await writeFile(join(directory, "cdk.tf.json"), typeof stack === "string" ? stack : JSON.stringify(stack));
  return await readConstructs(directory);
}

const stack = {
  resource: { aws_s3_bucket: { logs: made("shop/logs/bucket") } },
  data: { aws_ami: { base: made("shop/ami") } },
  module: { vpc: made("shop/vpc") },
  output: { url: { value: "x" } },
};

test.each([
  [{ address: "aws_s3_bucket.logs" }, "shop/logs/bucket"],
  [{ address: 'aws_s3_bucket.logs["a.b"]' }, "shop/logs/bucket"],
  [{ address: "data.aws_ami.base" }, "shop/ami"],
  [{ address: "module.vpc[0].aws_vpc.this" }, "shop/vpc"],
  [{ snippet: { context: "resource.aws_s3_bucket.logs.lifecycle" } }, "shop/logs/bucket"],
  [{ snippet: { context: "output.url" } }, undefined],
  [{ address: "aws_s3_bucket.gone" }, undefined],
  [{ address: "__proto__.constructor" }, undefined],
  [{}, undefined],
])("%j was made by %s", async (diagnostic, path) => {
  expect((await constructs(stack))(diagnostic)).toBe(path);
});

test.each(["", "[]", "{", '{"resource":1}'])("a stack that is %j names no construct", async (text) => {
  expect((await constructs(text))({ address: "a.b" })).toBeUndefined();
});
