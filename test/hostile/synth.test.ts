import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect } from "vitest";
import { unconfined } from "../../adapters/sandbox/unconfined.ts";
import { synthesize } from "../../adapters/synth/synthesize.ts";
import { freshDirectory } from "../support/directory.ts";
import { attack } from "./support/hostile-case.ts";
import { appTable, dependencyTable } from "./tables/synth.ts";

let checkout: string;
let cache: string;

beforeEach(async () => {
  checkout = await freshDirectory();
  cache = await freshDirectory();
});

/** Without a sandbox: what is refused must not even need one. */
async function synthesizeFiles(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    await writeFile(path.join(checkout, name), text.replaceAll("CANARY", path.join(cache, "canary")));
  }
  const [output, scratch] = [await freshDirectory(), await freshDirectory()];
  const input = { checkout, output, scratch, environment: "dev", variables: {} };
  return await synthesize(input, { sandbox: unconfined("a test"), cache, variables: process.env });
}

const refusal = (code: string) => ({ code, source: "user", next: expect.stringMatching(/\w/) });

describe("a cdktf.json", () => {
  attack(appTable, async ({ input, refused }) => {
    await expect(synthesizeFiles({ "cdktf.json": input })).rejects.toMatchObject(refusal(refused));
    expect(await readdir(cache)).toEqual([]);
  });
});

describe("a package.json", () => {
  const app = { "cdktf.json": '{"app":"touch CANARY","language":"javascript"}' };

  attack(dependencyTable, async ({ input, refused }) => {
    await expect(synthesizeFiles({ ...app, ...input })).rejects.toMatchObject(refusal(refused));
    expect(await readdir(cache)).toEqual([]);
  });
});
