import { git } from "./git.ts";

/** A branch or tag, as a person wants to see it. */
export interface DescribedRef {
  /** Without `refs/heads/` or `refs/tags/`. */
  readonly name: string;
  /** The object it points at, and that object's type. */
  readonly sha: string;
  readonly type: string;
  /** What an annotated tag leads to, else the object itself. */
  readonly target: string;
  readonly subject: string;
}

const fields = ["refname:lstrip=2", "objectname", "objecttype", "*objectname", "contents:subject"];

/** The refs below a prefix, e.g. `refs/tags`, newest first. */
export async function describeRefs(directory: string, prefix: string): Promise<readonly DescribedRef[]> {
  const format = fields.map((field) => `%(${field})`).join("%00");
  const output = await git(directory, ["for-each-ref", "--sort=-creatordate", `--format=${format}`, prefix]);
  const lines = output === "" ? [] : output.split("\n");
  return lines.map((line) => {
    const [name = "", sha = "", type = "", peeled = "", subject = ""] = line.split("\0");
    return { name, sha, type, target: peeled === "" ? sha : peeled, subject };
  });
}
