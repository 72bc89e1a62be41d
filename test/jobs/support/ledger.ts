import { gitRepository, type Repository } from "../../../adapters/git/repository.ts";
import type { Signer } from "../../../adapters/signing/signer.ts";
import { begin, storeAttempt, storeRecord } from "../../../jobs/attempt/steps.ts";
import { type RecordBook, readRecordBook } from "../../../jobs/observe/record-book.ts";
import type { Attempt, StoredAttempt } from "../../../promotion/attempt.ts";
import type { Environment } from "../../../promotion/environment.ts";
import type { ObjectId } from "../../../promotion/object-id.ts";
import type { DeploymentRecord, StoredRecord } from "../../../promotion/record.ts";
import { currentRef } from "../../../promotion/ref.ts";
import { mirrorOf } from "../../adapters/git/fixture.ts";
import { createRemote, type Remote } from "../../support/git.ts";
import { writeRecords } from "./history.ts";
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
    open: async (last) => {
      const stored = await storeAttempt(writer, newAttempt(commit, { base: last?.object }));
      await begin(writer, stored, last?.object);
      return stored;
    },
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

/** Writes records 1 to `count`, settled at the last; gives that one's object. */
export async function writeHistory(
  { remote, signer, commit }: Pick<Book, "remote" | "signer" | "commit">,
  count: number,
): Promise<ObjectId> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const records = numbers.map((number) => newRecord(commit, { number }));
  return await writeRecords(remote.directory, signer, records);
}
