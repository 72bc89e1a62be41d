import { LRUCache } from "lru-cache";
import { isObjectId, type ObjectId } from "../../promotion/object-id.ts";
import type { Signer, Verification } from "../signing/signer.ts";
import { GitExit } from "./command.ts";
import { exportCommit } from "./export.ts";
import { fetchObject, fetchRefs, type RefPattern } from "./fetch.ts";
import { isAncestor, missingCommits, treesOf, uncleanMerges } from "./history.ts";
import { readAgain } from "./lost-objects.ts";
import type { Mirror } from "./mirror.ts";
import { type PushResult, pushRefs, type RefUpdate } from "./push.ts";
import { peelToCommit, readFileAt, readRefs } from "./refs.ts";
import { readTags, type TagObject, tagMessage, tagText, writeTag } from "./tags.ts";

/** An annotated tag, its message and what its signature is worth. */
export interface SignedTag extends TagObject {
  readonly signature: Verification["state"];
  /** Without the signature. */
  readonly message: string;
  /** Of the key that is not trusted. */
  readonly fingerprint?: string;
}

/** A remote repository as the rules need it: its refs, what they point at, and compare-and-swap. */
export interface Repository {
  /** Asks the remote: what the refs of these names hold now, or rather, held when it answered. */
  fetchRefs(patterns: readonly RefPattern[]): Promise<ReadonlyMap<string, ObjectId>>;
  /** The tags among these objects. Asks the remote for what no fetched ref leads to; what it has no more is left out. */
  readTags(objects: readonly ObjectId[]): Promise<ReadonlyMap<ObjectId, SignedTag>>;
  /** Through any number of tags; undefined: it leads to no commit. */
  commitBehind(object: ObjectId): Promise<ObjectId | undefined>;
  isAncestor(ancestor: ObjectId, descendant: ObjectId): Promise<boolean>;
  missingCommits(head: ObjectId, known: readonly ObjectId[]): Promise<readonly ObjectId[]>;
  uncleanMerges(head: ObjectId, known: readonly ObjectId[]): Promise<readonly ObjectId[]>;
  /** In the same order. */
  treesOf(commits: readonly ObjectId[]): Promise<readonly ObjectId[]>;
  readFile(commit: ObjectId, file: string): Promise<string | undefined>;
  exportCommit(commit: ObjectId, directory: string): Promise<void>;
  /** Stores a signed tag object locally; a push makes it known. `name` without `refs/tags/`. */
  writeTag(tag: { name: string; commit: ObjectId; message: string }): Promise<ObjectId>;
  /** All or nothing, each ref only from its expected value. */
  pushRefs(updates: readonly RefUpdate[]): Promise<PushResult>;
  /** Packs what many fetches have left on this machine. Git finds out whether that is worth while. */
  maintain(): Promise<void>;
}

const isDefined = (answer: unknown): boolean => answer !== undefined;

/** Checking a signature costs more than remembering it, and an object never changes. */
const rememberedTags = 2000;

export function gitRepository(mirror: Mirror, signer: Signer): Repository {
  const known = new LRUCache<ObjectId, SignedTag>({ max: rememberedTags });
  return {
    fetchRefs: async (patterns) => {
      await fetchRefs(mirror, patterns);
      return await readRefs(mirror, patterns);
    },
    readTags: (objects) =>
      readAgain(
        mirror,
        objects,
        () => readKnownTags(mirror, signer, known, objects),
        (tags) => objects.every((object) => tags.has(object)),
      ),
    commitBehind: (object) => readAgain(mirror, [object], () => peelToCommit(mirror, object), isDefined),
    isAncestor: (ancestor, descendant) =>
      withCommit(mirror, ancestor, () => isAncestor(mirror, ancestor, descendant)),
    missingCommits: (head, commits) => missingCommits(mirror, head, commits),
    uncleanMerges: (head, commits) => uncleanMerges(mirror, head, commits),
    treesOf: (commits) =>
      readAgain(
        mirror,
        commits,
        () => treesOf(mirror, commits),
        (trees) => trees.every(isObjectId),
      ),
    readFile: (commit, file) =>
      readAgain(mirror, [commit], () => readFileAt(mirror, commit, file), isDefined),
    exportCommit: (commit, directory) =>
      withCommit(mirror, commit, () => exportCommit(mirror, commit, directory)),
    writeTag: ({ name, commit, message }) => {
      const at = Math.floor(Date.now() / 1000);
      return writeTag(mirror, signer.sign(tagText({ name, commit, message, at })));
    },
    pushRefs: (updates) => pushRefs(mirror, updates),
    maintain: async () => {
      await mirror.local(["maintenance", "run", "--auto", "--quiet"]);
    },
  };
}

async function readKnownTags(
  mirror: Mirror,
  signer: Signer,
  known: LRUCache<ObjectId, SignedTag>,
  objects: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, SignedTag>> {
  const unread = objects.filter((object) => !known.has(object));
  const read = await readTags(mirror, unread);
  const tags = new Map([...read].map(([object, tag]) => [object, verified(tag, signer)]));
  for (const [object, tag] of tags) known.set(object, tag);
  return new Map(
    objects.flatMap((object) => {
      const tag = tags.get(object) ?? known.get(object);
      return tag ? [[object, tag] as const] : [];
    }),
  );
}

function verified(tag: TagObject, signer: Signer): SignedTag {
  const verification = signer.verify(tag.text);
  const signed = verification.state === "unsigned" ? tag.text : verification.message;
  return {
    ...tag,
    signature: verification.state,
    message: tagMessage(signed),
    ...(verification.state === "unknown-key" && { fingerprint: verification.fingerprint }),
  };
}

/** A commit of an older record may be on no ref that was fetched: then it is fetched by its id, and asked again. */
async function withCommit<T>(mirror: Mirror, commit: ObjectId, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof GitExit) || (await peelToCommit(mirror, commit)) !== undefined) throw error;
    await fetchObject(mirror, commit);
    return await ask();
  }
}
