import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { forgetOldAttempts, makeTry, runDirectory, tidyTry } from "../../../jobs/phases/run-directory.ts";
import { freshDirectory } from "../../support/directory.ts";

test("the newest attempts keep their logs, older ones are removed, the present one never is", async () => {
  const present = runDirectory(await freshDirectory(), 7, "dev", "present");
  const attempts = Array.from({ length: 25 }, (_, index) => join(present, "..", `old-${index}`));
  await Promise.all([present, ...attempts].map((path) => mkdir(join(path, "try-1"), { recursive: true })));
  await Promise.all([present, ...attempts].map((path, index) => utimes(path, index, index)));
  await forgetOldAttempts(present);
  const kept = await readdir(join(present, ".."));
  expect(kept).toEqual(expect.arrayContaining(["present", "old-24", "old-6"]));
  expect(kept).toHaveLength(20);
});

test("what is no attempt is never removed, wherever a run directory lies", async () => {
  const present = join(await freshDirectory(), "present");
  const others = Array.from({ length: 25 }, (_, index) => join(present, "..", `other-${index}`));
  await Promise.all([present, ...others].map((path) => mkdir(path)));
  await writeFile(join(present, "..", "file"), "");
  await forgetOldAttempts(present);
  expect(await readdir(join(present, ".."))).toHaveLength(27);
});

test("logs and working copy outlive a try, plans and providers don't", async () => {
  const directory = await makeTry(runDirectory(await freshDirectory(), 7, "dev", "a"));
  for (const path of ["app", "synth/tmp", "stacks/s/data", "stacks/s/apply"]) {
    await mkdir(join(directory, path), { recursive: true });
    await writeFile(join(directory, path, "file"), "");
  }
  await tidyTry(directory);
  const files = await readdir(directory, { recursive: true });
  expect(files.filter((file) => file.endsWith("file")).sort()).toEqual(["app/file", "stacks/s/apply/file"]);
});
