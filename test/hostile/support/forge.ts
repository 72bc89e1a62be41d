import { createRemote, type FileContent, type Remote } from "../../support/git.ts";

/** Makes commits that an honest git would not make. Gives their ids. */
export interface Forge {
  readonly remote: Remote;
  files(files: Readonly<Record<string, FileContent>>): Promise<string>;
  /** A commit with one raw entry at its root. */
  entry(mode: string, name: string, content: string): Promise<string>;
  /** A folder in a folder, so many levels deep, and a file in the last. */
  deep(levels: number): Promise<string>;
  /** Ten names for one and the same folder, at each of so many levels: 10^levels files. */
  bomb(levels: number, content?: string, parents?: readonly string[]): Promise<string>;
  /** So many names for one and the same file of a size in bytes. */
  copies(count: number, size: number): Promise<string>;
  /** A link and a folder of one name, so that a file would be written through the link. */
  throughLink(target: string): Promise<string>;
}

export async function createForge(): Promise<Forge> {
  const remote = await createRemote();
  const blob = (input: string | Uint8Array) => remote.git(["hash-object", "-w", "--stdin"], { input });
  const mktree = (lines: readonly string[]) => remote.git(["mktree"], { input: `${lines.join("\n")}\n` });
  const commit = (tree: string, parents: readonly string[] = []) =>
    remote.git(["commit-tree", "-m", "evil", ...parents.flatMap((parent) => ["-p", parent]), tree]);
  const rawTree = (entries: readonly (readonly [mode: string, name: string, id: string])[]) => {
    const bytes = entries.map(([mode, name, id]) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")]),
    );
    const args = ["hash-object", "-t", "tree", "-w", "--literally", "--stdin"];
    return remote.git(args, { input: Buffer.concat(bytes) });
  };
  return {
    remote,
    files: (files) => remote.commit({ files }),
    entry: async (mode, name, content) => await commit(await rawTree([[mode, name, await blob(content)]])),
    deep: async (levels) => {
      const file = `M 100644 inline ${"d/".repeat(levels)}f\ndata 1\nx\n`;
      const who = "committer Ada <ada@example.com> 1700000000 +0000\ndata 0\n";
      await remote.git(["fast-import", "--quiet"], { input: `commit refs/heads/deep\n${who}${file}` });
      return await remote.git(["rev-parse", "refs/heads/deep"]);
    },
    bomb: async (levels, content = "x", parents = []) => {
      let entry = `100644 blob ${await blob(content)}`;
      for (let level = 0; level < levels; level += 1) {
        const tree = await mktree(Array.from({ length: 10 }, (_, index) => `${entry}\t${index}`));
        entry = `040000 tree ${tree}`;
      }
      return await commit(entry.split(" ")[2] ?? "", parents);
    },
    copies: async (count, size) => {
      const id = await blob(Buffer.alloc(size));
      return await commit(
        await mktree(Array.from({ length: count }, (_, index) => `100644 blob ${id}\t${index}`)),
      );
    },
    throughLink: async (target) => {
      const inner = await mktree([`100644 blob ${await blob("evil")}\tevil`]);
      return await commit(
        await rawTree([
          ["120000", "a", await blob(target)],
          ["40000", "a", inner],
        ]),
      );
    },
  };
}
