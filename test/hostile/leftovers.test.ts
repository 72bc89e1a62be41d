import { chmod, mkdir, readdir, utimes } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { beforeEach, expect, it } from "vitest";
import { forgetOldAttempts, makeTry } from "../../jobs/phases/run-directory.ts";
import { freshDirectory } from "../support/directory.ts";

/** Goes down step by step, as no path could. */
const dig = "const d = 'd'.repeat(200); for (let i = 0; i < 30; i++) { fs.mkdirSync(d); process.chdir(d); }";

let runs: string;

beforeEach(async () => {
  runs = await freshDirectory();
});

/** Twenty attempts after one whose app has filled its directory. */
async function pileUp(fill: (directory: string) => Promise<unknown>): Promise<string> {
  const oldest = await makeTry(path.join(runs, "oldest"));
  await fill(oldest);
  await utimes(path.join(runs, "oldest"), 0, 0);
  for (let index = 0; index < 20; index += 1) await makeTry(path.join(runs, `attempt-${index}`));
  return path.join(runs, "attempt-19");
}

it.each([
  [
    "folders deeper than any path can say",
    (directory: string) => execa("node", ["-e", dig], { cwd: directory }),
  ],
  [
    "a folder that is closed to everybody",
    async (directory: string) => {
      await mkdir(path.join(directory, "closed/inner"), { recursive: true });
      await chmod(path.join(directory, "closed"), 0);
    },
  ],
])("an app that leaves %s does not keep later deployments from ending", async (_, fill) => {
  await forgetOldAttempts(await pileUp(fill));
  expect(await readdir(runs)).not.toContain("oldest");
  expect(await readdir(runs)).toHaveLength(20);
});
