import { rm } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { GitExit } from "../../../adapters/git/command.ts";
import { fetchObject, fetchRefs } from "../../../adapters/git/fetch.ts";
import { openMirror } from "../../../adapters/git/mirror.ts";
import { peelToCommit, readRefs } from "../../../adapters/git/refs.ts";
import { freshDirectory } from "../../support/directory.ts";
import type { Remote } from "../../support/git.ts";
import { countObjects, createFixture, mirrorOf } from "./fixture.ts";

/** Writes many annotated tags at once. */
async function writeTags(remote: Remote, commit: string, count: number): Promise<void> {
  const tags = Array.from({ length: count }, (_, index) => [
    `tag deploy/prod/${index + 1}`,
    `from ${commit}`,
    "tagger Ada <ada@example.com> 1700000000 +0000",
    "data 0",
    "",
  ]);
  await remote.git(["fast-import", "--quiet"], { input: tags.flat().join("\n") });
}

describe("fetchRefs", () => {
  it("brings exact names and names by prefix, and nothing else", async () => {
    const { remote, mirror } = await createFixture();
    const commit = await remote.commit({ files: { a: "1" }, branches: ["prod", "other"] });
    await remote.commit({ files: { b: "2" }, branches: ["unrelated"] });
    await remote.setRef("refs/tags/deploy/prod/frozen", commit);
    await remote.setRef("refs/tags/deploy/prod/4", commit);
    await remote.setRef("refs/tags/deploy/prod/40", commit);
    await remote.setRef("refs/tags/v1", commit);
    await fetchRefs(mirror, ["refs/heads/prod", "refs/tags/deploy/prod/4*", "refs/tags/deploy/prod/frozen"]);
    expect(await readRefs(mirror, ["refs/"])).toEqual(
      new Map([
        ["refs/heads/prod", commit],
        ["refs/tags/deploy/prod/4", commit],
        ["refs/tags/deploy/prod/40", commit],
        ["refs/tags/deploy/prod/frozen", commit],
      ]),
    );
    expect(await countObjects(mirror)).toBe(3);
  });

  it("does not transfer a thousand records to learn one", async () => {
    const { remote, mirror } = await createFixture();
    const commit = await remote.commit({ files: { a: "1" }, branches: ["prod"] });
    await writeTags(remote, commit, 1000);
    await fetchRefs(mirror, ["refs/heads/prod", "refs/tags/deploy/prod/1000", "refs/tags/deploy/prod/1001"]);
    expect([...(await readRefs(mirror, ["refs/"])).keys()]).toEqual([
      "refs/heads/prod",
      "refs/tags/deploy/prod/1000",
    ]);
    expect(await countObjects(mirror)).toBe(4);
  });

  it("follows a branch that was rewritten and a tag that was moved", async () => {
    const { remote, mirror } = await createFixture();
    const first = await remote.commit({ files: { a: "1" }, branches: ["prod"] });
    const second = await remote.commit({ files: { a: "2" } });
    await remote.setRef("refs/tags/deploy/prod/current", first);
    const names = ["refs/heads/prod", "refs/tags/deploy/prod/current"];
    await fetchRefs(mirror, names);
    for (const name of names) await remote.setRef(name, second);
    await fetchRefs(mirror, names);
    expect([...(await readRefs(mirror, names)).values()]).toEqual([second, second]);
  });

  it("sees that exact and prefixed names are gone, and leaves what it was not asked about", async () => {
    const { remote, mirror } = await createFixture();
    const commit = await remote.commit({ files: { a: "1" }, branches: ["prod", "main"] });
    await remote.setRef("refs/tags/deploy/prod/1", commit);
    await remote.setRef("refs/tags/deploy/prod/current", commit);
    const names = ["refs/heads/prod", "refs/tags/deploy/prod/current", "refs/tags/deploy/prod/1*"];
    await fetchRefs(mirror, [...names, "refs/heads/main"]);
    for (const ref of ["refs/heads/prod", "refs/tags/deploy/prod/1", "refs/heads/main"]) {
      await remote.git(["update-ref", "-d", ref]);
    }
    await fetchRefs(mirror, names);
    expect([...(await readRefs(mirror, ["refs/"])).keys()]).toEqual([
      "refs/heads/main",
      "refs/tags/deploy/prod/current",
    ]);
  });

  it("takes a remote without any of the names as it is", async () => {
    const { remote, mirror } = await createFixture();
    await fetchRefs(mirror, ["refs/heads/prod", "refs/heads/dev", "refs/tags/deploy/prod/*"]);
    expect(await readRefs(mirror, ["refs/"])).toEqual(new Map());
    const commit = await remote.commit({ branches: ["dev"] });
    await fetchRefs(mirror, ["refs/heads/prod", "refs/heads/dev"]);
    expect(await readRefs(mirror, ["refs/heads/dev"])).toEqual(new Map([["refs/heads/dev", commit]]));
  });

  it("says that a remote cannot be reached, and forgets nothing then", async () => {
    const { remote, mirror } = await createFixture();
    const commit = await remote.commit({ branches: ["prod"] });
    await fetchRefs(mirror, ["refs/heads/prod"]);
    await rm(remote.directory, { recursive: true });
    await expect(fetchRefs(mirror, ["refs/heads/prod"])).rejects.toMatchObject({
      name: "WaymarkError",
      code: "git-failed",
      class: "transient",
    });
    expect(await readRefs(mirror, ["refs/heads/prod"])).toEqual(new Map([["refs/heads/prod", commit]]));
  });

  it.each(["--upload-pack=touch x", "$(touch x)", "`touch x`", "a'b\"c", "<script>", "ü;&|"])(
    "takes the branch name %j for a name and runs nothing",
    async (given) => {
      const branch = given.replaceAll(" ", "_");
      const { remote, mirror } = await createFixture();
      const commit = await remote.commit({ branches: [branch] });
      await fetchRefs(mirror, [`refs/heads/${branch}`]);
      expect(await readRefs(mirror, [`refs/heads/${branch}`])).toEqual(
        new Map([[`refs/heads/${branch}`, commit]]),
      );
    },
  );

  it.each(["--upload-pack=touch x", "--exec=touch x", "refs/heads/a b", "refs/heads/a:refs/heads/b"])(
    "refuses %j, which names no ref",
    async (name) => {
      const { mirror, remote } = await createFixture();
      await remote.commit({ branches: ["a"] });
      await expect(fetchRefs(mirror, [name])).rejects.toBeInstanceOf(GitExit);
      expect(await readRefs(mirror, ["refs/"])).toEqual(new Map());
    },
  );

  it("may run many times at once, in one mirror and in two of the same directory", async () => {
    const remote = (await createFixture()).remote;
    const root = await freshDirectory();
    const open = () => openMirror({ root, repository: 7, url: remote.url, token: async () => "t" });
    const mirrors = await Promise.all([open(), open(), open()]);
    for (let round = 0; round < 4; round += 1) {
      const commit = await remote.commit({ files: { round: String(round) }, branches: ["prod", "main"] });
      const names = ["refs/heads/prod", "refs/heads/main", "refs/heads/gone"];
      await Promise.all([...mirrors, ...mirrors].map((mirror) => fetchRefs(mirror, names)));
      for (const mirror of mirrors) {
        expect([...(await readRefs(mirror, names)).values()]).toEqual([commit, commit]);
      }
    }
  });

  it("makes a mirror anew that was deleted in between", async () => {
    const { remote, mirror } = await createFixture();
    const commit = await remote.commit({ branches: ["prod"] });
    await fetchRefs(mirror, ["refs/heads/prod"]);
    await rm(path.dirname(mirror.directory), { recursive: true });
    expect(await readRefs(mirror, ["refs/"])).toEqual(new Map());
    await fetchRefs(mirror, ["refs/heads/prod"]);
    expect(await readRefs(mirror, ["refs/heads/prod"])).toEqual(new Map([["refs/heads/prod", commit]]));
  });
});

describe("fetchObject", () => {
  it("brings a commit that no branch holds, with its history", async () => {
    const { remote, mirror } = await createFixture();
    const parent = await remote.commit({ files: { a: "1" } });
    const commit = await remote.commit({ files: { a: "2" }, parents: [parent] });
    await fetchObject(mirror, commit);
    expect(await peelToCommit(mirror, parent)).toBe(parent);
    expect(await readRefs(mirror, ["refs/"])).toEqual(new Map());
  });

  it("says when the remote has no such object", async () => {
    const { mirror } = await createFixture();
    await expect(fetchObject(mirror, "1".repeat(40))).rejects.toBeInstanceOf(GitExit);
  });

  it.each([
    "HEAD",
    "refs/heads/main",
    "--upload-pack=x",
    "",
    "a".repeat(39),
    `${"a".repeat(40)}:refs/heads/x`,
  ])("takes no %j", async (name) => {
    const mirror = await mirrorOf("file:///nowhere");
    await expect(fetchObject(mirror, name)).rejects.toBeInstanceOf(TypeError);
  });
});
