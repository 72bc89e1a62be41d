import { beforeAll, describe, expect, it } from "vitest";
import { GitExit } from "../../../adapters/git/command.ts";
import { fetchRefs } from "../../../adapters/git/fetch.ts";
import { isAncestor, missingCommits, treesOf, uncleanMerges } from "../../../adapters/git/history.ts";
import type { Mirror } from "../../../adapters/git/mirror.ts";
import type { CommitInput, Remote } from "../../support/git.ts";
import { createFixture } from "./fixture.ts";

let remote: Remote;
let mirror: Mirror;
/** Where two people start from. */
let base: string;
let ours: string;
let theirs: string;

/** Makes a commit on the remote and brings it into the mirror. */
async function commit(input: CommitInput): Promise<string> {
  const id = await remote.commit({ ...input, branches: ["work"] });
  await fetchRefs(mirror, ["refs/heads/work"]);
  return id;
}

beforeAll(async () => {
  ({ remote, mirror } = await createFixture());
  base = await commit({ files: { a: "1\n", b: "1\n" } });
  ours = await commit({ files: { a: "2\n", b: "1\n" }, parents: [base] });
  theirs = await commit({ files: { a: "1\n", b: "2\n" }, parents: [base] });
});

describe("isAncestor", () => {
  it("holds for a commit, its parents and itself", async () => {
    expect(await isAncestor(mirror, base, ours)).toBe(true);
    expect(await isAncestor(mirror, ours, ours)).toBe(true);
  });

  it("does not hold for descendants and cousins", async () => {
    expect(await isAncestor(mirror, ours, base)).toBe(false);
    expect(await isAncestor(mirror, theirs, ours)).toBe(false);
  });

  it("is no answer when a commit is not there", async () => {
    await expect(isAncestor(mirror, "1".repeat(40), ours)).rejects.toBeInstanceOf(GitExit);
  });
});

describe("missingCommits", () => {
  it("are those that none of the known ones contains", async () => {
    const next = await commit({ files: { a: "3\n", b: "1\n" }, parents: [ours] });
    expect(await missingCommits(mirror, next, [ours])).toEqual([next]);
    expect(await missingCommits(mirror, next, [base])).toEqual([next, ours]);
    expect(await missingCommits(mirror, next, [theirs])).toEqual([next, ours]);
    expect(await missingCommits(mirror, next, [theirs, ours])).toEqual([next]);
    expect(await missingCommits(mirror, next, [next, base])).toEqual([]);
  });

  it("are all of them when nothing is known", async () => {
    expect(await missingCommits(mirror, ours, [])).toEqual([ours, base]);
  });

  it("are no merges, but what a merge brought", async () => {
    const merge = await commit({ files: { a: "2\n", b: "2\n" }, parents: [ours, theirs] });
    expect(await missingCommits(mirror, merge, [ours])).toEqual([theirs]);
  });

  it("are named up to twenty", async () => {
    let head = base;
    for (let index = 0; index < 25; index += 1) {
      head = await remote.commit({ files: { a: String(index) }, parents: [head], branches: ["work"] });
    }
    await fetchRefs(mirror, ["refs/heads/work"]);
    expect(await missingCommits(mirror, head, [base])).toHaveLength(20);
  });
});

describe("uncleanMerges", () => {
  it("are none when a merge is what git makes of its parents", async () => {
    const merge = await commit({ files: { a: "2\n", b: "2\n" }, parents: [ours, theirs] });
    expect(await uncleanMerges(mirror, merge, [base])).toEqual([]);
  });

  it("name a merge in which somebody hid a change", async () => {
    const evil = await commit({ files: { a: "2\n", b: "2\n", c: "evil\n" }, parents: [ours, theirs] });
    const head = await commit({ files: { a: "2\n", b: "2\n" }, parents: [evil] });
    expect(await uncleanMerges(mirror, head, [base])).toEqual([evil]);
  });

  it("name a merge that dropped one side", async () => {
    const merge = await commit({ files: { a: "2\n", b: "1\n" }, parents: [ours, theirs] });
    expect(await uncleanMerges(mirror, merge, [base])).toEqual([merge]);
  });

  it("name a merge whose conflict a person resolved", async () => {
    const other = await commit({ files: { a: "other\n", b: "1\n" }, parents: [base] });
    const merge = await commit({ files: { a: "both\n", b: "1\n" }, parents: [ours, other] });
    expect(await uncleanMerges(mirror, merge, [base])).toEqual([merge]);
  });

  it("name an octopus, which cannot be checked", async () => {
    const third = await commit({ files: { a: "1\n", b: "1\n", c: "3\n" }, parents: [base] });
    const octopus = await commit({
      files: { a: "2\n", b: "2\n", c: "3\n" },
      parents: [ours, theirs, third],
    });
    expect(await uncleanMerges(mirror, octopus, [base])).toEqual([octopus]);
    const dropping = await commit({ files: { a: "2\n", b: "2\n" }, parents: [ours, theirs, third] });
    expect(await uncleanMerges(mirror, dropping, [base])).toEqual([dropping]);
  });

  it("check merges of unrelated histories like any other", async () => {
    const foreign = await commit({ files: { z: "z\n" } });
    const clean = await commit({ files: { a: "2\n", b: "1\n", z: "z\n" }, parents: [ours, foreign] });
    expect(await uncleanMerges(mirror, clean, [ours])).toEqual([]);
    const evil = await commit({ files: { a: "2\n", b: "1\n", "sub/z": "z\n" }, parents: [ours, foreign] });
    expect(await uncleanMerges(mirror, evil, [ours])).toEqual([evil]);
  });

  it("leave out what is known already", async () => {
    const evil = await commit({ files: { a: "evil\n" }, parents: [ours, theirs] });
    const head = await commit({ files: { a: "2\n" }, parents: [evil] });
    expect(await uncleanMerges(mirror, head, [evil])).toEqual([]);
  });
});

describe("treesOf", () => {
  it("are the same for commits with the same files", async () => {
    const squashed = await commit({ files: { a: "2\n", b: "1\n" }, parents: [theirs], message: "squash\n" });
    const [first, second, third] = await treesOf(mirror, [squashed, ours, base]);
    expect(first).toBe(second);
    expect(first).not.toBe(third);
  });

  it("are none of another commit's for an absent one", async () => {
    const [absent, present] = await treesOf(mirror, ["1".repeat(40), ours]);
    expect(present).toMatch(/^[0-9a-f]{40}$/);
    expect(absent).not.toMatch(/^[0-9a-f]{40}$/);
  });
});
