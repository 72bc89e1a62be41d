import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { doubtsFile, noteDoubts, openDoubts } from "../../../jobs/phases/doubts.ts";
import { freshDirectory } from "../../support/directory.ts";

let file: string;

beforeEach(async () => {
  file = doubtsFile(await freshDirectory(), 7, "dev", "shop");
});

/** A run of a stack: the exit codes of its applies (undefined: none was written), and what each began to create. */
async function runWith(applies: Readonly<Record<string, readonly [number | undefined, string]>>) {
  const run = await freshDirectory();
  for (const [name, [exit, addr]] of Object.entries(applies)) {
    const hook = { action: "create", resource: { addr, resource_type: "aws_vpc" } };
    await mkdir(join(run, name));
    await writeFile(join(run, name, "stdout"), `${JSON.stringify({ type: "apply_start", hook })}\n`);
    if (exit !== undefined) await writeFile(join(run, name, "exit"), `${exit}\n`);
  }
  return run;
}

const open = (known: readonly string[] = [], asked?: string) =>
  openDoubts(file, async () => new Set(known), asked);

test.each([0, 1])("an apply that ended by itself, with %s, leaves no doubt", async (exit) => {
  await noteDoubts(file, await runWith({ apply: [exit, "aws_vpc.a"] }));
  expect(await open()).toEqual([]);
});

test.each([2, 11, 137, undefined])("an apply that was cut off, with exit code %s, does", async (exit) => {
  await noteDoubts(file, await runWith({ apply: [exit, "aws_vpc.a"], plan: [exit, "aws_vpc.b"] }));
  expect(await open()).toEqual(["aws_vpc.a"]);
});

test("what the state knows is no doubt, and never will be again", async () => {
  await noteDoubts(file, await runWith({ apply: [137, "aws_vpc.a"] }));
  expect(await open(["aws_vpc.a"])).toEqual([]);
  expect(await open([])).toEqual([]);
});

test("a script that was cut off is a doubt, whatever the state knows", async () => {
  const run = await runWith({ apply: [137, "aws_vpc.a"] });
  const hook = { resource: { addr: "aws_vpc.a", resource_type: "aws_vpc" } };
  await appendFile(join(run, "apply/stdout"), `${JSON.stringify({ type: "provision_start", hook })}\n`);
  await noteDoubts(file, run);
  expect(await open(["aws_vpc.a"])).toEqual(["aws_vpc.a"]);
});

test("doubts add up, and each new one is told anew", async () => {
  await noteDoubts(file, await runWith({ apply: [1, "aws_vpc.x"], "apply-2": [137, "aws_vpc.a"] }));
  await open();
  await noteDoubts(file, await runWith({ apply: [137, "aws_vpc.b"] }));
  expect(await open([], "a wish")).toEqual(["aws_vpc.a", "aws_vpc.b"]);
  expect(await open([], "a later wish")).toEqual([]);
});

test.each([
  ["nobody was told yet", [], "a wish", true],
  ["the wish is the one that was answered so", ["a wish"], "a wish", true],
  ["nobody asks", ["a wish", undefined], undefined, true],
  ["it was answered before somebody else came by", ["a wish", undefined], "a wish", true],
  ["somebody asks who was told", [undefined], "a wish", false],
  ["somebody asks once more", ["a wish"], "another wish", false],
] as const)("%s: open is %s → %s, %s", async (_, earlier, asked, isOpen) => {
  await noteDoubts(file, await runWith({ apply: [137, "aws_vpc.a"] }));
  for (const wish of earlier) await open([], wish);
  expect(await open([], asked)).toEqual(isOpen ? ["aws_vpc.a"] : []);
});

test("stacks and environments have doubts of their own", () => {
  const all = [
    ["dev", "a"],
    ["prod", "a"],
    ["dev", "b"],
  ] as const;
  expect(new Set(all.map(([environment, stack]) => doubtsFile("/home", 7, environment, stack))).size).toBe(3);
});
