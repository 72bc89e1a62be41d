import type { Repository } from "../../adapters/git/repository.ts";
import type { PolicyReadings } from "../../promotion/decide.ts";
import type { Environment } from "../../promotion/environment.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import type { GoAhead, HeadFacts, Journal, Observation, Rerun } from "../../promotion/observation.ts";
import type { StoredRecord } from "../../promotion/record.ts";
import { claimedRef, recordRef, tagName } from "../../promotion/ref.ts";
import { once } from "../once.ts";
import type { Owner } from "./authentic.ts";
import { type Predecessor, readHeadFacts, settledHeadFacts } from "./head-facts.ts";
import { readPolicies } from "./policies.ts";
import { readPredecessorBook } from "./predecessor.ts";
import { type RecordBook, readAllRecords, readRecordBook } from "./record-book.ts";
import { type RequestQuestion, readRequestFacts, type Witnesses } from "./request-facts.ts";

/** Where to look, and whom to ask. */
export interface Viewpoint {
  readonly repository: Repository;
  readonly environments: readonly Environment[];
  readonly environment: Environment;
  readonly repositoryId: number;
  /** The witnesses, once it is known by which policies people are judged. */
  witnesses(policies: PolicyReadings): Witnesses;
  /** The re-run that somebody asked for on this head; undefined too when nobody looked. Begins before the policies are read. */
  rerun(head: ObjectId, policies: Promise<PolicyReadings>): Promise<Rerun | undefined>;
  /** The word that the attempt in the journal waits for, in the same way. */
  goAhead(head: ObjectId, journal: Journal, policies: Promise<PolicyReadings>): Promise<GoAhead | undefined>;
  /** The number of an environment's newest record last time (0: there was none); undefined: not known. */
  newest(environment: string): number | undefined;
  /** Milliseconds since 1970. */
  now(): number;
}

/** One look: what decide() wants to know. */
export interface Look {
  readonly observation: Observation;
  readonly policies: PolicyReadings;
  readonly book: RecordBook;
  /** Every authentic record, newest first, read at the first call. Grows with the history: for rare questions only. */
  records(): Promise<readonly StoredRecord[]>;
}

const noPolicies: PolicyReadings = {
  atHead: { ok: false, error: { message: "there is no branch", line: 1, column: 1 } },
  atLast: { ok: false, error: { message: "there is no branch", line: 1, column: 1 } },
};

/**
 * Looks at an environment: refs first, and into history, policy and people only as far as the refs call for it. Side by
 * side where it can be, since a deployment waits for all of it.
 */
export async function observe(view: Viewpoint): Promise<Look> {
  const { environment, repository } = view;
  const [book, predecessor] = await Promise.all([
    readRecordBook(repository, environment, ownerOf(view, environment), view.newest(environment.name)),
    readPredecessor(view),
  ]);
  const { head } = book.refs;
  const records = once(() => readAllRecords(repository, ownerOf(view, environment)));
  if (head === undefined)
    return { observation: baseObservation(view, book), policies: noPolicies, book, records };
  const reading = readPolicies(view.repository, environment.name, head, book.last?.record.branchHead);
  const asked = Promise.all([view.rerun(head, reading), view.goAhead(head, book.journal, reading)]);
  const pointed = readCurrent(repository, book);
  const requested = Promise.all([reading, pointed]).then(([policies, current]) =>
    readRequest(view, { book, records, head, predecessor }, current, policies),
  );
  const [policies, [rerun, goAhead], current, request, headFacts] = await Promise.all([
    reading,
    asked,
    pointed,
    requested,
    judgeHead(repository, book, head, predecessor, asked),
  ]);
  return {
    observation: { ...baseObservation(view, book), rerun, goAhead, current, request, headFacts },
    policies,
    book,
    records,
  };
}

async function judgeHead(
  repository: Repository,
  book: RecordBook,
  head: ObjectId,
  predecessor: Predecessor | undefined,
  asked: Promise<readonly [Rerun | undefined, GoAhead | undefined]>,
): Promise<HeadFacts> {
  const isAsked = head !== book.last?.record.branchHead || (await asked).some((click) => click !== undefined);
  return isAsked ? await readHeadFacts(repository, head, book.last, predecessor) : settledHeadFacts;
}

function baseObservation(view: Viewpoint, book: RecordBook): Observation {
  const { refs, last, journal, unknownKey } = book;
  const ref = last && recordRef(view.environment.name, last.record.number);
  const holds = last && refs.records.get(last.record.number);
  return {
    environment: view.environment,
    now: view.now(),
    head: refs.head,
    current: undefined,
    journal,
    last,
    displaced: ref !== undefined && holds !== last?.object ? { ref, holds } : undefined,
    unknownKey,
    frozen: refs.frozen !== undefined,
    claimedBy: refs.claimed && `the holder of ${tagName(claimedRef(view.environment.name))}`,
    headFacts: settledHeadFacts,
  };
}

async function readCurrent(
  repository: Repository,
  { refs, last }: RecordBook,
): Promise<Observation["current"]> {
  const object = refs.current;
  if (object === undefined) return undefined;
  if (object === last?.object) return { object, commit: last.record.commit };
  return { object, commit: await repository.commitBehind(object) };
}

async function readRequest(
  { repository, witnesses }: Viewpoint,
  known: Omit<RequestQuestion, "object" | "commit">,
  current: Observation["current"],
  policies: PolicyReadings,
): Promise<Observation["request"]> {
  if (current === undefined || current.object === known.book.last?.object) return undefined;
  return await readRequestFacts(repository, witnesses(policies), { ...known, ...current });
}

/** The environment that comes first. Read beside our own, since one fetch answers for both. */
async function readPredecessor(view: Viewpoint): Promise<Predecessor | undefined> {
  const before = view.environments.find(({ name }) => name === view.environment.after);
  if (!before) return undefined;
  return await readPredecessorBook(view.repository, before, ownerOf(view, before), view.newest(before.name));
}

function ownerOf(view: Viewpoint, environment: Environment): Owner {
  return { repository: view.repositoryId, environment: environment.name };
}
