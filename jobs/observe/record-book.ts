import type { Repository, SignedTag } from "../../adapters/git/repository.ts";
import type { StoredAttempt } from "../../promotion/attempt.ts";
import type { Environment } from "../../promotion/environment.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import type { Journal } from "../../promotion/observation.ts";
import type { StoredRecord } from "../../promotion/record.ts";
import { attemptIn, isAuthentic, type Owner, recordIn, unknownKeyOf } from "./authentic.ts";
import { type EnvironmentRefs, readEnvironmentRefs, readNumberedRefs } from "./environment-refs.ts";

/** What the refs of an environment say, once it is known which of them to believe. */
export interface RecordBook {
  readonly refs: EnvironmentRefs;
  /** L. */
  readonly last: StoredRecord | undefined;
  /** A. */
  readonly journal: Journal;
  readonly unknownKey: string | undefined;
}

type Tags = ReadonlyMap<ObjectId, SignedTag>;
type Reader = Pick<Repository, "fetchRefs" | "readTags">;

/**
 * Reads an environment's refs and finds the newest authentic record. `newest`: the number it had last time
 * (0: there was none; undefined: not known), so that one request is enough while nothing changes. The answer does not
 * depend on it.
 */
export async function readRecordBook(
  repository: Reader,
  environment: Environment,
  owner: Owner,
  newest: number | undefined,
): Promise<RecordBook> {
  const book = newest === 0 ? undefined : await readSettled(repository, environment, owner, newest);
  if (book) return book;
  const refs = await readEnvironmentRefs(repository, environment, "all");
  const tags = await readAll(repository, refs, owner);
  return describe(refs, tags, owner);
}

/**
 * The short way: `attempt` is an authentic record, its own tag is in place and no later number exists. Then there is
 * nothing else to know, however long the history.
 */
async function readSettled(
  repository: Reader,
  environment: Environment,
  owner: Owner,
  guess: number | undefined,
): Promise<RecordBook | undefined> {
  const numbers = guess === undefined ? [] : [guess, guess + 1];
  const refs = await readEnvironmentRefs(repository, environment, numbers);
  const tags = await repository.readTags(pointers(refs));
  const settled = authenticRecord(tags, refs.attempt, owner);
  if (!settled) return undefined;
  const { number } = settled.record;
  if (number !== guess) return await readSettled(repository, environment, owner, number);
  const isNewest = refs.records.get(number) === settled.object && !hasLater(refs, number);
  return isNewest ? describe(refs, tags, owner) : undefined;
}

/** Every authentic record, newest first. Grows with the history: for rare questions only. */
export async function readAllRecords(repository: Reader, owner: Owner): Promise<readonly StoredRecord[]> {
  const numbered = await readNumberedRefs(repository, owner.environment);
  const tags = await repository.readTags([...numbered.values()]);
  const records = [...tags.keys()].flatMap((object) => authenticRecord(tags, object, owner) ?? []);
  return records.sort((a, b) => b.record.number - a.record.number);
}

/** Only numbers that begin with the next one were asked for; foreign ones among them count as later, too. */
function hasLater(refs: EnvironmentRefs, number: number): boolean {
  return [...refs.records.keys()].some((other) => other > number);
}

async function readAll(repository: Reader, refs: EnvironmentRefs, owner: Owner): Promise<Tags> {
  const tags = await repository.readTags([...new Set([...pointers(refs), ...refs.records.values()])]);
  const named = refs.attempt === undefined ? undefined : attemptIn(tags.get(refs.attempt), owner)?.attempt;
  const behind = [named?.base, named?.record].filter((object) => object !== undefined);
  return new Map([...tags, ...(await repository.readTags(behind))]);
}

function pointers(refs: EnvironmentRefs): ObjectId[] {
  return [refs.current, refs.attempt].filter((object) => object !== undefined);
}

function describe(refs: EnvironmentRefs, tags: Tags, owner: Owner): RecordBook {
  const records = [...tags.keys()].flatMap((object) => authenticRecord(tags, object, owner) ?? []);
  const last = records.reduce<StoredRecord | undefined>(newer, undefined);
  return {
    refs,
    last,
    journal: readJournal(refs, tags, owner, last),
    unknownKey: pointers(refs).flatMap((object) => unknownKeyOf(tags.get(object), owner) ?? [])[0],
  };
}

function newer(best: StoredRecord | undefined, other: StoredRecord): StoredRecord {
  return best && best.record.number >= other.record.number ? best : other;
}

function authenticRecord(tags: Tags, object: ObjectId | undefined, owner: Owner): StoredRecord | undefined {
  const tag = object === undefined ? undefined : tags.get(object);
  return isAuthentic(tag) ? recordIn(tag, owner) : undefined;
}

function readJournal(
  refs: EnvironmentRefs,
  tags: Tags,
  owner: Owner,
  last: StoredRecord | undefined,
): Journal {
  if (refs.attempt === undefined) return { state: "absent" };
  if (refs.attempt === last?.object) return { state: "settled" };
  const tag = tags.get(refs.attempt);
  const written = isAuthentic(tag) ? attemptIn(tag, owner) : undefined;
  return written && continues(written, last)
    ? { state: "written", ...written }
    : { state: "foreign", object: refs.attempt };
}

/** An attempt that began from another record than the latest says nothing about the present. */
function continues({ attempt }: StoredAttempt, last: StoredRecord | undefined): boolean {
  return attempt.result === "done" ? attempt.record === last?.object : attempt.base === last?.object;
}
