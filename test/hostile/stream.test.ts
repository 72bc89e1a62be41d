import { truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { readEnd } from "../../adapters/process/read-end.ts";
import { nothingTold, planOf, take } from "../../adapters/terraform/outcome.ts";
import { freshDirectory } from "../support/directory.ts";

it("what a program printed is read from its end, however much it is", async () => {
  const file = path.join(await freshDirectory(), "stderr");
  await writeFile(file, "");
  await truncate(file, 3 * 1024 ** 3);
  expect(await readEnd(file, 10)).toBe("\0".repeat(10));
  await writeFile(file, "the last words");
  expect(await readEnd(file, 5)).toBe("words");
  expect(await readEnd(file, 500)).toBe("the last words");
});

it("a plan that never ends is refused, and does not fill the memory", () => {
  const told = nothingTold();
  const change = { resource: { addr: "a.b" }, action: "create" };
  for (let index = 0; index < 60_000; index += 1) take(told, { type: "planned_change", change });
  expect(told.changes.length).toBeLessThan(60_000);
  expect(() => planOf(told)).toThrow(expect.objectContaining({ code: "plan-too-large", source: "user" }));
});
