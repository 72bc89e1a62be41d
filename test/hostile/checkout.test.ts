import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exportCommit } from "../../adapters/git/export.ts";
import { fetchObject } from "../../adapters/git/fetch.ts";
import { uncleanMerges } from "../../adapters/git/history.ts";
import type { Mirror } from "../../adapters/git/mirror.ts";
import { readAppConfig } from "../../adapters/synth/app-config.ts";
import { readDependencies } from "../../adapters/synth/dependencies.ts";
import { mirrorOf } from "../adapters/git/fixture.ts";
import { freshDirectory } from "../support/directory.ts";
import type { FileContent } from "../support/git.ts";
import { createForge, type Forge } from "./support/forge.ts";
import { attack } from "./support/hostile-case.ts";
import { checkoutTable, inertTable } from "./tables/checkout.ts";

let forge: Forge;
let mirror: Mirror;
/** The mirror's own settings, which no fetch may change. */
let settings: string;
/** Holds the checkout, an empty neighbour, and the canary if somebody makes one. */
let parent: string;
let target: string;

const readSettings = () => readFile(path.join(mirror.directory, "config"), "utf8");

beforeAll(async () => {
  forge = await createForge();
  mirror = await mirrorOf(forge.remote.url);
  settings = await readSettings();
});

beforeEach(async () => {
  parent = await freshDirectory();
  target = path.join(parent, "checkout");
  await mkdir(path.join(parent, "neighbour"));
});

/** What a deployment does with a commit before anything of it runs. */
async function checkOut(commit: string): Promise<void> {
  await fetchObject(mirror, commit);
  await exportCommit(mirror, commit, target);
  await Promise.all([readAppConfig(target), readDependencies(target)]);
}

async function expectUntouched(): Promise<void> {
  expect((await readdir(parent)).filter((name) => name !== "checkout")).toEqual(["neighbour"]);
  expect(await readdir(path.join(parent, "neighbour"))).toEqual([]);
  expect(await readSettings()).toBe(settings);
  await expect(stat(path.join(mirror.directory, "hooks"))).rejects.toMatchObject({ code: "ENOENT" });
}

describe("a commit that is refused", () => {
  attack(checkoutTable, async ({ input, refused }) => {
    const refusal = { code: refused, source: "user", next: expect.stringMatching(/\w/) };
    await expect(checkOut(await input(forge))).rejects.toMatchObject(refusal);
    await expectUntouched();
  });
});

describe("a commit that is checked out", () => {
  attack(inertTable, async ({ input }) => {
    const canary = path.join(parent, "canary");
    const files = Object.fromEntries(Object.entries(input).map((entry) => withCanary(entry, canary)));
    const commit = await forge.files(files);
    await fetchObject(mirror, commit);
    await exportCommit(mirror, commit, target);
    for (const [name, content] of Object.entries(files)) await expectContent(name, content);
    if (String(input[".gitattributes"]).includes("merge=")) await mergeTwo(files);
    await expectUntouched();
  });
});

describe("a merge", () => {
  it("of two that hold a hundred million files each is a person's to judge, and git is not asked to try", async () => {
    const base = await forge.bomb(8);
    const [ours, theirs] = [await forge.bomb(8, "y", [base]), await forge.bomb(8, "z", [base])];
    const merge = await forge.bomb(8, "y", [ours, theirs]);
    await fetchObject(mirror, merge);
    expect(await uncleanMerges(mirror, merge, [base])).toEqual([merge]);
  });
});

const withCanary = ([name, file]: [string, FileContent], canary: string): [string, FileContent] => [
  name,
  JSON.parse(JSON.stringify(file).replaceAll("CANARY", canary)),
];

async function expectContent(name: string, file: FileContent): Promise<void> {
  const { mode, content = "" } = typeof file === "string" ? { mode: "100644", content: file } : file;
  const place = path.join(target, name);
  if (mode === "160000") expect(await readdir(place).catch(() => [])).toEqual([]);
  else expect(await readFile(place, "utf8")).toBe(content);
}

/** Judging a merge makes git merge: that, too, must not run what attributes name. */
async function mergeTwo(files: Readonly<Record<string, FileContent>>): Promise<void> {
  const { remote } = forge;
  const base = await remote.commit({ files: { ...files, merged: "1\n" } });
  const [ours, theirs] = await Promise.all(
    ["2\n", "3\n"].map((merged) => remote.commit({ files: { ...files, merged }, parents: [base] })),
  );
  const parents = [ours ?? "", theirs ?? ""];
  const merge = await remote.commit({ files: { ...files, merged: "4\n" }, parents });
  await fetchObject(mirror, merge);
  expect(await uncleanMerges(mirror, merge, [base])).toEqual([merge]);
}
