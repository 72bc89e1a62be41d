import { rm } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { gitRepository } from "../../../adapters/git/repository.ts";
import { readAllRecords, readRecordBook } from "../../../jobs/observe/record-book.ts";
import { formatRecord, type StoredRecord } from "../../../promotion/record.ts";
import { attemptRef, currentRef, recordRef } from "../../../promotion/ref.ts";
import { mirrorOf } from "../../adapters/git/fixture.ts";
import { type Book, createBook, dev, newRecord, owner } from "../support/ledger.ts";

const current = currentRef("dev");
const attempt = attemptRef("dev");
const numbered = (number: number) => recordRef("dev", number);

let book: Book;
beforeEach(async () => {
  book = await createBook();
});

const lastNumber = async (newest?: number) => (await book.read(newest)).last?.record.number;

describe("a book without records", () => {
  it("has no last record and an absent journal", async () => {
    const read = await book.read();
    expect(read).toMatchObject({ last: undefined, journal: { state: "absent" }, unknownKey: undefined });
    expect(read.refs.head).toBe(book.commit);
  });

  it("knows of the first attempt", async () => {
    const opened = await book.open(undefined);
    const read = await book.read();
    expect(read.last).toBeUndefined();
    expect(read.journal).toMatchObject({ state: "written", object: opened.object });
  });
});

describe("a settled book", () => {
  it("gives its last record and a settled journal, whatever number is expected", async () => {
    await book.deployTimes(3);
    for (const newest of [undefined, 0, 1, 2, 3, 4, 99]) {
      expect(await book.read(newest)).toMatchObject({
        last: { record: { number: 3 } },
        journal: { state: "settled" },
        unknownKey: undefined,
      });
    }
  });

  it("is read by one fetch of no more than two numbers when the newest is known", async () => {
    await book.deployTimes(2);
    await book.read(2);
    expect(book.asked).toEqual([
      [
        "refs/heads/dev",
        `${current}*`,
        `${attempt}*`,
        "refs/tags/deploy/dev/frozen*",
        "refs/tags/deploy/dev/claimed*",
        `${numbered(2)}*`,
        `${numbered(3)}*`,
      ],
    ]);
  });

  it("takes one fetch more when the newest is not known", async () => {
    await book.deployTimes(2);
    await book.read();
    expect(book.asked).toHaveLength(2);
    expect(book.asked[0]?.filter((pattern) => /[0-9]\*$/.test(pattern))).toEqual([]);
  });
});

describe("a record", () => {
  let last: StoredRecord;
  beforeEach(async () => {
    last = await book.deployTimes(3);
  });

  it("that was deleted is still the last, seen from current or from attempt", async () => {
    await book.set(numbered(3), undefined);
    for (const gone of [current, attempt]) {
      await book.set(gone, undefined);
      const read = await book.read(3);
      expect([read.last, read.refs.records.has(3)]).toEqual([last, false]);
      await book.set(gone, last.object);
    }
  });

  it("is the last even when every pointer to it is gone", async () => {
    for (const gone of [current, attempt]) await book.set(gone, undefined);
    expect(await book.read(3)).toMatchObject({ last, journal: { state: "absent" } });
  });

  it("is the last although the mirror is deleted after each fetch", async () => {
    const mirror = await mirrorOf(book.remote.url);
    const git = gitRepository(mirror, book.signer);
    const fetchRefs = async (patterns: readonly string[]) => {
      const refs = await git.fetchRefs(patterns);
      await rm(mirror.directory, { recursive: true });
      return refs;
    };
    const read = await readRecordBook({ ...git, fetchRefs }, dev, owner, undefined);
    expect(read).toMatchObject({ last, journal: { state: "settled" } });
  });

  it("that was deleted with its pointers leaves the one before", async () => {
    for (const gone of [current, attempt, numbered(3)]) await book.set(gone, undefined);
    expect(await lastNumber(3)).toBe(2);
  });

  it("is found behind an open attempt that began from it", async () => {
    const opened = await book.open(last);
    for (const gone of [current, numbered(3)]) await book.set(gone, undefined);
    expect(await book.read()).toMatchObject({ last, journal: { state: "written", object: opened.object } });
  });

  it("is found behind the done attempt that ended in it", async () => {
    const done = await book.attempt({ base: last.object, result: "done", record: last.object });
    await book.set(attempt, done);
    for (const gone of [current, numbered(3)]) await book.set(gone, undefined);
    expect(await book.read()).toMatchObject({ last, journal: { state: "written", object: done } });
  });

  it("whose tag was moved to an older one is still the last, and the tag shows what it holds", async () => {
    const second = await book.remote.readRef(numbered(2));
    await book.set(numbered(3), second);
    const read = await book.read(3);
    expect([read.last, read.refs.records.get(3)]).toEqual([last, second]);
  });

  it("counts under its own number only: pushed again under a later one, it is no later record", async () => {
    await book.set(numbered(4), await book.remote.readRef(numbered(1)));
    expect(await lastNumber(3)).toBe(3);
    expect(await lastNumber()).toBe(3);
    await book.set(numbered(44), last.object);
    expect(await lastNumber()).toBe(3);
  });

  it("of another environment or repository never counts", async () => {
    await book.set(numbered(4), await book.record({ number: 4, environment: "prod" }));
    await book.set(numbered(5), await book.record({ number: 5, repository: 8 }));
    expect(await lastNumber(3)).toBe(3);
    await book.set(current, await book.record({ number: 9, repository: 8 }));
    expect(await lastNumber()).toBe(3);
  });

  it("that names another commit than its tag points at never counts", async () => {
    const other = await book.remote.commit({ files: { a: "1" }, branches: ["other"] });
    await book.writer.fetchRefs(["refs/heads/other"]);
    const { message } =
      [...(await book.writer.readTags([await book.record({ number: 4 })])).values()][0] ?? {};
    const forged = await book.writer.writeTag({
      name: "deploy/dev/4",
      commit: other,
      message: message ?? "",
    });
    await book.set(numbered(4), forged);
    expect(await lastNumber()).toBe(3);
  });

  it("whose object has another name than its number never counts", async () => {
    const message = formatRecord(newRecord(book.commit, { number: 4 }));
    const name = "deploy/dev/attempt";
    await book.set(numbered(4), await book.writer.writeTag({ name, commit: book.commit, message }));
    expect(await lastNumber()).toBe(3);
  });

  it("that is authentic and newer counts although nothing points at it: its push was only half seen", async () => {
    await book.set(numbered(4), await book.record({ number: 4, previous: last.object }));
    expect(await lastNumber(3)).toBe(4);
    expect(await lastNumber()).toBe(4);
  });
});

describe("what Waymark did not sign", () => {
  let last: StoredRecord;
  beforeEach(async () => {
    last = await book.deployTimes(2);
  });

  const unsignedRecord = async (number: number) => {
    const { remote, commit } = book;
    const text = await remote.git(["cat-file", "tag", last.object]);
    const [unsigned = ""] = text.replaceAll(/deploy\/dev\/2/g, `deploy/dev/${number}`).split("-----BEGIN");
    const forged = unsigned
      .replace(/^Deployment: .*$/m, `Deployment: ${number}`)
      .replace(/^object .*$/m, `object ${commit}`);
    return await remote.git(["hash-object", "-t", "tag", "-w", "--stdin"], { input: forged });
  };

  it.each(["a commit", "a light tag of a tree", "an unsigned record"])(
    "does not count as a later record: %s",
    async (what) => {
      const { remote, commit } = book;
      const object =
        what === "a commit"
          ? commit
          : what === "an unsigned record"
            ? await unsignedRecord(3)
            : await remote.git(["rev-parse", `${commit}^{tree}`]);
      await remote.setRef(numbered(3), object);
      const read = await book.read(2);
      expect([read.last, read.unknownKey]).toEqual([last, undefined]);
      expect(read.refs.records.get(3)).toBe(object);
    },
  );

  it("does not count at current either, and is no unknown key", async () => {
    await book.remote.setRef(current, await unsignedRecord(3));
    expect(await book.read(2)).toMatchObject({ last, unknownKey: undefined, journal: { state: "settled" } });
  });

  it("is an unknown key when it is a record or attempt signed by somebody else at current or attempt", async () => {
    const stranger = await createBook();
    const others = stranger.signer.key.fingerprint;
    const foreign = await strangersRecord(stranger, 3);
    await book.remote.setRef(current, foreign);
    expect(await book.read(2)).toMatchObject({ last, unknownKey: others });
    await book.remote.setRef(current, last.object);
    await book.remote.setRef(attempt, foreign);
    expect(await book.read(2)).toMatchObject({ unknownKey: others, journal: { state: "foreign" } });
  });

  it("is only ignored under a number", async () => {
    await book.remote.setRef(numbered(3), await strangersRecord(await createBook(), 3));
    expect(await book.read(2)).toMatchObject({ last, unknownKey: undefined, journal: { state: "settled" } });
  });

  /** A record of this repository, signed with a key that is not trusted here. */
  async function strangersRecord(stranger: Book, number: number): Promise<string> {
    const object = await stranger.record({ number });
    await stranger.set(numbered(number), object);
    await book.remote.git([
      "fetch",
      "--quiet",
      stranger.remote.url,
      `${numbered(number)}:refs/strange/${number}`,
    ]);
    return object;
  }
});

describe("the journal", () => {
  let last: StoredRecord;
  beforeEach(async () => {
    last = await book.deployTimes(2);
  });

  it("is absent when attempt was deleted, and the record stands", async () => {
    await book.set(attempt, undefined);
    expect(await book.read(2)).toMatchObject({ last, journal: { state: "absent" } });
  });

  it("is foreign when somebody put something else there", async () => {
    await book.set(attempt, book.commit);
    expect(await book.read(2)).toMatchObject({ last, journal: { state: "foreign", object: book.commit } });
  });

  it("is foreign when an older record was put there", async () => {
    const first = await book.remote.readRef(numbered(1));
    await book.set(attempt, first);
    expect(await book.read(2)).toMatchObject({ last, journal: { state: "foreign", object: first } });
  });

  it("is foreign when an attempt of an earlier time is played again", async () => {
    const first = await book.remote.readRef(numbered(1));
    for (const result of ["open", "failed"] as const) {
      const replayed = await book.attempt({ base: first, result });
      await book.set(attempt, replayed);
      expect(await book.read(2)).toMatchObject({ last, journal: { state: "foreign", object: replayed } });
    }
  });

  it("is foreign when the done attempt of an earlier record is played again", async () => {
    const first = await book.remote.readRef(numbered(1));
    const replayed = await book.attempt({ result: "done", record: first });
    await book.set(attempt, replayed);
    expect(await book.read(2)).toMatchObject({ last, journal: { state: "foreign", object: replayed } });
  });

  it("is foreign when it is an attempt of another environment", async () => {
    const other = await book.attempt({ base: last.object, environment: "prod" });
    await book.set(attempt, other);
    expect((await book.read(2)).journal.state).toBe("foreign");
  });
});

describe("all records", () => {
  it("are the authentic ones, newest first", async () => {
    await book.deployTimes(3);
    await book.remote.setRef(numbered(12), book.commit);
    const all = await readAllRecords(book.writer, owner);
    expect(all.map(({ record }) => record.number)).toEqual([3, 2, 1]);
  });
});
