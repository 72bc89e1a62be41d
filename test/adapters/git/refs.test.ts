import { beforeAll, describe, expect, it } from "vitest";
import { fetchRefs } from "../../../adapters/git/fetch.ts";
import type { Mirror } from "../../../adapters/git/mirror.ts";
import { peelToCommit, readFileAt, readRefs } from "../../../adapters/git/refs.ts";
import type { Remote } from "../../support/git.ts";
import { createFixture } from "./fixture.ts";

let remote: Remote;
let mirror: Mirror;
let commit: string;

/** Makes an annotated tag of any object. */
async function tag(name: string, object: string): Promise<string> {
  await remote.git(["tag", "--annotate", "--message=a tag", name, object]);
  return await remote.git(["rev-parse", `refs/tags/${name}`]);
}

beforeAll(async () => {
  ({ remote, mirror } = await createFixture());
  commit = await remote.commit({
    files: {
      ".github/waymark.yml": "version: 1\n\n",
      empty: "",
      link: { mode: "120000", content: "/etc/hostname" },
      "ünï code": "ü🚀\n",
    },
    branches: ["prod", "prod-2"],
  });
});

describe("peelToCommit", () => {
  it("leads from a tag of a tag to the commit", async () => {
    const inner = await tag("inner", commit);
    const outer = await tag("outer", inner);
    await fetchRefs(mirror, ["refs/tags/outer"]);
    expect(await peelToCommit(mirror, outer)).toBe(commit);
    expect(await peelToCommit(mirror, inner)).toBe(commit);
    expect(await peelToCommit(mirror, commit)).toBe(commit);
  });

  it.each(["{commit}^{tree}", "{commit}:empty"])("finds no commit behind %s or a tag of it", async (name) => {
    const object = await remote.git(["rev-parse", name.replace("{commit}", commit)]);
    const tagged = await tag(`of-${object}`, object);
    await fetchRefs(mirror, ["refs/tags/of-*"]);
    expect(await peelToCommit(mirror, object)).toBeUndefined();
    expect(await peelToCommit(mirror, tagged)).toBeUndefined();
  });

  it("finds none behind an absent object", async () => {
    expect(await peelToCommit(mirror, "1".repeat(40))).toBeUndefined();
  });
});

describe("readFileAt", () => {
  beforeAll(async () => {
    await fetchRefs(mirror, ["refs/heads/prod"]);
  });

  it("gives the very text", async () => {
    expect(await readFileAt(mirror, commit, ".github/waymark.yml")).toBe("version: 1\n\n");
    expect(await readFileAt(mirror, commit, "empty")).toBe("");
    expect(await readFileAt(mirror, commit, "ünï code")).toBe("ü🚀\n");
  });

  it("follows no link out of the repository", async () => {
    expect(await readFileAt(mirror, commit, "link")).toBe("/etc/hostname");
  });

  it.each([".github", "absent", ".github/waymark.yml/x", ""])("finds no file at %j", async (name) => {
    expect(await readFileAt(mirror, commit, name)).toBeUndefined();
  });

  it("finds no file at an absent commit", async () => {
    expect(await readFileAt(mirror, "1".repeat(40), "empty")).toBeUndefined();
  });
});

describe("readRefs", () => {
  beforeAll(async () => {
    await remote.setRef("refs/tags/deploy/prod/1", commit);
    await remote.setRef("refs/tags/deploy/prod-2/1", commit);
    await fetchRefs(mirror, ["refs/heads/*", "refs/tags/deploy/*"]);
  });

  it("reads exact names, not those that begin alike", async () => {
    expect([...(await readRefs(mirror, ["refs/heads/prod", "refs/heads/pro"])).keys()]).toEqual([
      "refs/heads/prod",
    ]);
  });

  it("reads by prefix, not beyond the folder", async () => {
    expect([...(await readRefs(mirror, ["refs/tags/deploy/prod/"])).keys()]).toEqual([
      "refs/tags/deploy/prod/1",
    ]);
    expect([...(await readRefs(mirror, ["refs/tags/deploy/prod/*"])).keys()]).toEqual([
      "refs/tags/deploy/prod/1",
    ]);
  });

  it("reads nothing for no names", async () => {
    expect(await readRefs(mirror, [])).toEqual(new Map());
  });
});
