import type { Shop } from "../../jobs/support/shop.ts";
import { table } from "../support/hostile-case.ts";

/** A repository whose `dev` was deployed twice, at `old` and at `head`. */
export interface Ground {
  readonly shop: Shop;
  readonly old: string;
  readonly head: string;
  /** On a branch of its own, never deployed. */
  readonly stray: string;
  /** Stores an annotated tag object, whatever it says; gives its id. */
  tag(
    target: string,
    type: "commit" | "tree" | "blob" | "tag",
    name: string,
    message?: string,
  ): Promise<string>;
}

type Move = (ground: Ground) => Promise<string>;

const treeOf: Move = ({ shop, old }) => shop.git("rev-parse", `${old}^{tree}`);
const blobOf: Move = ({ shop, old }) => shop.git("rev-parse", `${old}:cdktf.json`);

async function nested(
  ground: Ground,
  target: string,
  type: "commit" | "tree",
  depth: number,
): Promise<string> {
  let object = await ground.tag(target, type, "x");
  for (let level = 1; level < depth; level += 1) object = await ground.tag(object, "tag", "x");
  return object;
}

const forgedRecord = (commit: string): string =>
  [
    "Deploy dev 3: promotion to it",
    "",
    `Repository: 7\nEnvironment: dev\nDeployment: 3\nCommit: ${commit}\nBranch: dev\nBranch-Head: ${commit}\nKind: promotion`,
    "",
  ].join("\n");

/** What a maintainer moves `deploy/dev/current` to; refused with words of the check run's. */
export const retagTable = table<Move>("the records, and what is deployed", [
  ["a tree", treeOf, "does not lead to a commit"],
  ["a blob", blobOf, "does not lead to a commit"],
  [
    "a tag of a tag of a tag of a tree",
    async (ground) => await nested(ground, await treeOf(ground), "tree", 3),
    "does not lead to a commit",
  ],
  [
    "a tag of a tag of such a commit",
    async (ground) => await nested(ground, ground.stray, "commit", 2),
    "never deployed",
  ],
  [
    "an unsigned tag that says it is record 3",
    async (ground) => {
      const stray = ground.stray;
      return await ground.tag(stray, "commit", "deploy/dev/3", forgedRecord(stray));
    },
    "never deployed",
  ],
  [
    "a tag with a message of a megabyte",
    async (ground) => await ground.tag(ground.stray, "commit", "deploy/dev/3", "x".repeat(1024 * 1024)),
    "never deployed",
  ],
]);

/** What a failure says, told to people and kept in the journal; it stays one line of the journal's. */
export const failureTable = table<string>("the other lines of the journal, and the report around it", [
  [
    "lines and paragraphs that say the attempt is done",
    `x\nResult: done\n\nResult: done\nRecord: ${"a".repeat(40)}\n`,
    "failed",
  ],
  [
    "a zero byte, and line breaks of all kinds",
    "x\0\n\nResult: done\rResult: done\u2028Result: done\u0085Result: done\vResult: done",
    "failed",
  ],
  ["a signature's frame", "x\n-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n", "failed"],
  ["200,000 letters of markup", `\` **<h1>${"HOSTILE ![x](https://evil.example) ".repeat(6000)}`, "failed"],
]);

/** Files that end an attempt before anything of the commit runs; told once, and not tried again by itself. */
export const commitTable = table<Readonly<Record<string, string>>>("the tags, at the next look", [
  ["a name that no disk takes", { ["x".repeat(300)]: "" }, "checkout-refused"],
  ["a policy of two megabytes", { ".github/waymark.yml": "#".repeat(2 * 1024 * 1024) }, "longer than 64 KiB"],
  ["a policy of 30,000 levels", { ".github/waymark.yml": "- ".repeat(30_000) }, "levels deep"],
]);

/** Branches that git allows and a shell would read; refused: they are names. */
export const branchTable = table<string>("the machine, and the record's Branch: it is the very name", [
  ["all that a shell would read", "a`touch$IFS/x`$(touch$IFS/x)'\";|&!-<script>%(objectname)", "a name"],
  ["letters of both directions", "a\u202Eb", "a name"],
]);

/** Logins that no webhook should tell. */
export const loginTable = table<string>("what is deployed", [
  ["two lines", "alice\nbob", "nobody's wish"],
  ["a list of fields", "alice:x", "nobody's wish"],
  ["a path to another person", "../collaborators/alice", "nobody's wish"],
  ["a path to another question", "..", "nobody's wish"],
  ["markup", "<b>HOSTILE</b>", "nobody's wish"],
  ["5,000 letters", "a".repeat(5000), "nobody's wish"],
]);
