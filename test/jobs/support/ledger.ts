import { gitRepository, type Repository } from "../../../adapters/git/repository.ts";
import { taggerEmail, tagText } from "../../../adapters/git/tags.ts";
import type { Signer } from "../../../adapters/signing/signer.ts";
import { begin, storeAttempt, storeRecord } from "../../../jobs/attempt/steps.ts";
import { type RecordBook, readRecordBook } from "../../../jobs/observe/record-book.ts";
import type { Attempt, StoredAttempt } from "../../../promotion/attempt.ts";
import type { Environment } from "../../../promotion/environment.ts";
import type { ObjectId } from "../../../promotion/object-id.ts";
import { type DeploymentRecord, formatRecord, type StoredRecord } from "../../../promotion/record.ts";
import { attemptRef, currentRef, recordRef } from "../../../promotion/ref.ts";
import { mirrorOf } from "../../adapters/git/fixture.ts";
import { createRemote, type Remote } from "../../support/git.ts";
import { newSigner } from "./signer.ts";

export const dev: Environment = { name: "dev", branch: "dev", after: null };
export const owner = { repository: 7, environment: "dev" };

/** A remote whose records are written by the very steps that deployments take, and a reader with its own mirror. */
export interface Book {
  readonly remote: Remote;
  readonly signer: Signer;
  readonly commit: ObjectId;
  readonly writer: Repository;
  /** The patterns that the reader asked for, one list for each fetch. */
  readonly asked: (readonly string[])[];
  read(newest?: number): Promise<RecordBook>;
  /** Records so many deployments and settles the last; gives it. */
  deployTimes(count: number): Promise<StoredRecord>;
  /** Puts an open attempt on top of a record. */
  open(last: StoredRecord | undefined): Promise<StoredAttempt>;
  attempt(fields?: Partial<Attempt>): Promise<ObjectId>;
  record(fields?: Partial<DeploymentRecord>): Promise<ObjectId>;
  set(ref: string, object: ObjectId | undefined): Promise<void>;
}

export async function createBook(signer: Signer = newSigner()): Promise<Book> {
  const remote = await createRemote();
  const commit = await remote.commit({ branches: ["dev"] });
  const writer = gitRepository(await mirrorOf(remote.url), signer);
  await writer.fetchRefs(["refs/heads/dev"]);
  const asked: (readonly string[])[] = [];
  const reader = watched(gitRepository(await mirrorOf(remote.url), signer), asked);
  const book: Book = {
    remote,
    signer,
    commit,
    writer,
    asked,
    read: (newest) => readRecordBook(reader, dev, owner, newest),
    deployTimes: async (count) => {
      const object = await writeHistory(book, count);
      await writer.fetchRefs([`${currentRef("dev")}*`]);
      return { object, record: newRecord(commit, { number: count }) };
    },
    open: async (last) =>
      (await begin(writer, newAttempt(commit, { base: last?.object }), last?.object)).stored,
    attempt: async (fields) => (await storeAttempt(writer, newAttempt(commit, fields))).object,
    record: async (fields) => (await storeRecord(writer, newRecord(commit, fields))).object,
    set: async (ref, object) => {
      if (object === undefined) await remote.git(["update-ref", "-d", ref]);
      else if (await isStored(remote, object)) await remote.setRef(ref, object);
      else await place(writer, remote, ref, object);
    },
  };
  return book;
}

const isStored = (remote: Remote, object: ObjectId): Promise<boolean> =>
  remote.git(["cat-file", "-e", object]).then(
    () => true,
    () => false,
  );

/** Objects that only the writer has must come along. */
async function place(writer: Repository, remote: Remote, ref: string, object: ObjectId): Promise<void> {
  const expected = await remote.readRef(ref);
  const push = await writer.pushRefs([{ ref, expected, target: object }]);
  if (!push.moved) throw new Error(`${ref}: ${push.said}`);
}

function watched(repository: Repository, asked: (readonly string[])[]): Repository {
  return {
    ...repository,
    fetchRefs: (patterns) => {
      asked.push(patterns);
      return repository.fetchRefs(patterns);
    },
  };
}

export function newAttempt(commit: ObjectId, fields: Partial<Attempt> = {}): Attempt {
  return {
    ...owner,
    commit,
    kind: "promotion",
    head: commit,
    owner: "w",
    tries: 1,
    result: "open",
    ...fields,
  };
}

export function newRecord(commit: ObjectId, fields: Partial<DeploymentRecord> = {}): DeploymentRecord {
  return { ...owner, number: 1, commit, branch: "dev", branchHead: commit, kind: "promotion", ...fields };
}

/** Writes records 1 to `count` at one go, settled at the last; gives that one's object. */
export async function writeHistory(
  { remote, signer, commit }: Pick<Book, "remote" | "signer" | "commit">,
  count: number,
): Promise<ObjectId> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const stream = numbers.map((number) => importedTag(newRecord(commit, { number }), signer)).join("");
  await remote.git(["fast-import", "--quiet"], { input: stream });
  const last = await remote.readRef(recordRef("dev", count));
  if (last === undefined) throw new Error("nothing was written");
  for (const ref of [currentRef("dev"), attemptRef("dev")]) await remote.setRef(ref, last);
  return last;
}

/** git writes the header itself, just as it stands in the text that is signed. */
function importedTag(record: DeploymentRecord, signer: Signer): string {
  const name = `deploy/dev/${record.number}`;
  const at = 1_700_000_000;
  const text = signer.sign(tagText({ name, commit: record.commit, message: formatRecord(record), at }));
  const body = text.slice(text.indexOf("\n\n") + 2);
  const tagger = `tagger Waymark <${taggerEmail}> ${at} +0000`;
  return `tag ${name}\nfrom ${record.commit}\n${tagger}\ndata ${Buffer.byteLength(body)}\n${body}\n`;
}
