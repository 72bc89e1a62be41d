import { git, gitBytes } from "./git.ts";

export interface TreeEntry {
  /** From the top of the repository. */
  readonly path: string;
  readonly type: "file" | "dir";
  readonly sha: string;
  /** Bytes; 0 for a folder. */
  readonly size: number;
}

/** What a folder (`""` is the top) holds at a commit; nothing if there is no such folder. Leaves out submodules. */
export async function listFolder(
  directory: string,
  commit: string,
  folder: string,
): Promise<readonly TreeEntry[]> {
  const output = await git(directory, ["ls-tree", "-z", "--long", `${commit}:${folder}`]).catch(() => "");
  return output.split("\0").flatMap((line) => {
    const match = /^\d+ (blob|tree) ([0-9a-f]{40}) +(\d+|-)\t(.+)$/s.exec(line);
    if (match === null) return [];
    const [, type, sha = "", size, name = ""] = match;
    const path = folder === "" ? name : `${folder}/${name}`;
    return [{ path, type: type === "tree" ? "dir" : "file", sha, size: Number(size) || 0 } as const];
  });
}

/** A file's bytes. */
export function readBlob(directory: string, sha: string): Promise<Uint8Array> {
  return gitBytes(directory, ["cat-file", "blob", sha], "");
}
