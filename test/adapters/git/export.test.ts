import { lstat, mkdir, readdir, readFile, readlink } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { exportCommit } from "../../../adapters/git/export.ts";
import { fetchObject } from "../../../adapters/git/fetch.ts";
import type { Mirror } from "../../../adapters/git/mirror.ts";
import { freshDirectory } from "../../support/directory.ts";
import type { FileContent, Remote } from "../../support/git.ts";
import { createFixture } from "./fixture.ts";

let remote: Remote;
let mirror: Mirror;
/** Holds the exported directory and a neighbour that nobody may touch. */
let parent: string;
let target: string;

beforeEach(async () => {
  ({ remote, mirror } = await createFixture());
  parent = await freshDirectory();
  target = path.join(parent, "checkout");
  await mkdir(path.join(parent, "neighbour"));
});

async function exportFiles(files: Readonly<Record<string, FileContent>>): Promise<void> {
  const commit = await remote.commit({ files });
  await fetchObject(mirror, commit);
  await exportCommit(mirror, commit, target);
}

/** Makes a commit whose tree has these raw entries, which no honest git would write. */
async function commitRawTree(entries: readonly (readonly [mode: string, name: string, id: string])[]) {
  const bytes = entries.map(([mode, name, id]) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")]),
  );
  const tree = await remote.git(["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], {
    input: Buffer.concat(bytes),
  });
  const commit = await remote.git(["commit-tree", "-m", "evil", tree]);
  await fetchObject(mirror, commit);
  return commit;
}

const blob = (content: string) => remote.git(["hash-object", "-w", "--stdin"], { input: content });

describe("exportCommit", () => {
  it("writes the files of a commit, and nothing that names the mirror", async () => {
    await exportFiles({
      a: "1\n",
      "deep/er/b": "2\n",
      run: { mode: "100755", content: "#!/bin/sh\n" },
    });
    expect((await readdir(target, { recursive: true })).sort()).toEqual([
      "a",
      "deep",
      "deep/er",
      "deep/er/b",
      "run",
    ]);
    expect(await readFile(path.join(target, "deep/er/b"), "utf8")).toBe("2\n");
    expect((await lstat(path.join(target, "run"))).mode & 0o100).toBe(0o100);
    expect((await lstat(path.join(target, "a"))).mode & 0o100).toBe(0);
    expect((await lstat(target)).mode & 0o077).toBe(0);
  });

  it("leaves nothing beside it", async () => {
    await exportFiles({ a: "1\n" });
    expect((await readdir(parent)).sort()).toEqual(["checkout", "neighbour"]);
  });

  it("keeps links as links and follows none", async () => {
    await exportFiles({
      "to-neighbour": { mode: "120000", content: "../neighbour" },
      "to-root": { mode: "120000", content: "/etc/passwd" },
    });
    expect(await readlink(path.join(target, "to-neighbour"))).toBe("../neighbour");
    expect(await readlink(path.join(target, "to-root"))).toBe("/etc/passwd");
  });

  it("writes nothing through a link that a tree hides a folder behind", async () => {
    const link = await blob(path.join(parent, "neighbour"));
    const inner = await remote.git(["mktree"], { input: `100644 blob ${await blob("evil")}\tevil\n` });
    const commit = await commitRawTree([
      ["120000", "a", link],
      ["40000", "a", inner],
    ]);
    await exportCommit(mirror, commit, target).catch(() => undefined);
    expect(await readdir(path.join(parent, "neighbour"))).toEqual([]);
  });

  it.each([".git", "..", ".", "../neighbour/x", "/x", ".GIT", "git~1"])(
    "writes no file named %j",
    async (name) => {
      const commit = await commitRawTree([["100644", name, await blob("evil")]]);
      await exportCommit(mirror, commit, target).catch(() => undefined);
      expect(await readdir(path.join(parent, "neighbour"))).toEqual([]);
      expect((await readdir(target)).filter((entry) => entry.toLowerCase() === ".git")).toEqual([]);
    },
  );

  it("refuses a hostile tree loudly", async () => {
    const commit = await commitRawTree([["100644", ".git", await blob("evil")]]);
    const refusal = { code: "checkout-refused", source: "user", message: expect.stringContaining("'.git'") };
    await expect(exportCommit(mirror, commit, target)).rejects.toMatchObject(refusal);
  });

  it("runs no filter that a repository asks for", async () => {
    await exportFiles({
      ".gitattributes": "* filter=evil\n*.lfs filter=lfs\n",
      ".gitconfig": `[filter "evil"]\n\tsmudge = touch ${path.join(parent, "neighbour", "x")}\n`,
      a: "1\n",
      "b.lfs": "version https://git-lfs.github.com/spec/v1\n",
    });
    expect(await readFile(path.join(target, "a"), "utf8")).toBe("1\n");
    expect(await readFile(path.join(target, "b.lfs"), "utf8")).toContain("git-lfs");
    expect(await readdir(path.join(parent, "neighbour"))).toEqual([]);
  });

  it("runs no hook that a repository carries", async () => {
    const hook = { mode: "100755", content: `#!/bin/sh\ntouch ${path.join(parent, "neighbour", "x")}\n` };
    await exportFiles({
      "hooks/post-checkout": hook,
      ".husky/post-checkout": hook,
      "hooks/post-index-change": hook,
    });
    expect(await readdir(path.join(parent, "neighbour"))).toEqual([]);
  });

  it("leaves submodules out", async () => {
    await exportFiles({
      ".gitmodules": '[submodule "s"]\n\tpath = s\n\turl = --upload-pack=touch x\n',
      s: { mode: "160000", id: "1".repeat(40) },
      a: "1\n",
    });
    expect(await readdir(path.join(target, "s")).catch(() => [])).toEqual([]);
    expect(await readFile(path.join(target, "a"), "utf8")).toBe("1\n");
  });

  it.each(["--help", "-rf", "a b", "$(touch x)", "`x`", "a\nb", "ü🚀", ":(glob)**", "\u001b[31m"])(
    "takes the file name %j for a name",
    async (name) => {
      await exportFiles({ [name]: "1\n" });
      expect(await readdir(target)).toEqual([name]);
    },
  );

  it("may run for two commits at once", async () => {
    const commits = await Promise.all(
      ["1", "2", "3"].map((content) => remote.commit({ files: { a: content } })),
    );
    for (const commit of commits) await fetchObject(mirror, commit);
    const directory = (index: number) => path.join(parent, `checkout-${index}`);
    await Promise.all(commits.map((commit, index) => exportCommit(mirror, commit, directory(index))));
    const read = commits.map((_, index) => readFile(path.join(directory(index), "a"), "utf8"));
    expect(await Promise.all(read)).toEqual(["1", "2", "3"]);
  });

  it.each(["HEAD", "--index-output=x", "1".repeat(40)])(
    "fails for %j, which is no commit here",
    async (name) => {
      await expect(exportCommit(mirror, name, target)).rejects.toMatchObject({ code: "git-failed" });
    },
  );
});
