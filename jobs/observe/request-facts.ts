import type { Repository } from "../../adapters/git/repository.ts";
import type { RefEvent } from "../../adapters/github/deliveries.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import type { StoredRecord } from "../../promotion/record.ts";
import {
  answerCommit,
  authorGraceSeconds,
  type RequestAuthor,
  type RequestFacts,
} from "../../promotion/request.ts";
import { type RequestOptions, readRequestOptions } from "../../promotion/request-options.ts";
import { type Predecessor, readGate } from "./head-facts.ts";
import type { RecordBook } from "./record-book.ts";

/** What the outside world knows about who moved `current`. */
export interface Witnesses {
  /** Somebody's move of `current` to this object, if no later move is known. */
  newestEvent(after: ObjectId): Promise<RefEvent | undefined>;
  /** Deliveries that were answered already, as far as check runs on the commit tell. */
  servedEvents(commit: ObjectId): Promise<readonly string[]>;
  /** Permission `maintain` or better now, or named in the policy. */
  mayRequest(login: string): Promise<boolean>;
  /** Seconds since `current` was first seen at this object with nobody known who had moved it there. */
  secondsSeen(object: ObjectId): Promise<number>;
  /** Somebody is known: whoever moves it there again is waited for anew. */
  forgetSeen(object: ObjectId): Promise<void>;
}

export interface RequestQuestion {
  readonly head: ObjectId;
  readonly object: ObjectId;
  readonly commit: ObjectId | undefined;
  readonly book: RecordBook;
  /** See `Look`. */
  readonly records: () => Promise<readonly StoredRecord[]>;
  readonly predecessor: Predecessor | undefined;
}

/** Everything the rules want to know about a move of `current`. */
export async function readRequestFacts(
  repository: Repository,
  witnesses: Witnesses,
  question: RequestQuestion,
): Promise<RequestFacts> {
  const { commit, head, book, predecessor } = question;
  if (commit === undefined) {
    const author = await findAuthor(witnesses, question);
    return { author, deployedBefore: false, ancestorOfHead: false, gate: { passes: true }, options: {} };
  }
  const [author, deployedBefore, ancestorOfHead, gate, options] = await Promise.all([
    findAuthor(witnesses, question),
    wasDeployed(question, commit),
    repository.isAncestor(commit, head),
    readGate(repository, commit, book.last, predecessor),
    readOptions(repository, question.object, commit),
  ]);
  return { author, deployedBefore, ancestorOfHead, gate, options };
}

/** What the tag's message says; a tag that is too large to be read must not be taken for one that says nothing. */
async function readOptions(
  repository: Repository,
  object: ObjectId,
  commit: ObjectId,
): Promise<RequestOptions | undefined> {
  if (object === commit) return {};
  const tag = (await repository.readTags([object])).get(object);
  return tag && readRequestOptions(tag.message);
}

/** What was told while the look itself was held up counts, too: so nobody is given up for unknown without asking again. */
async function findAuthor(witnesses: Witnesses, question: RequestQuestion): Promise<RequestAuthor> {
  const author = await askForAuthor(witnesses, question);
  const isLate = !author.known && author.waited >= authorGraceSeconds;
  return isLate ? await askForAuthor(witnesses, question) : author;
}

async function askForAuthor(witnesses: Witnesses, question: RequestQuestion): Promise<RequestAuthor> {
  const told = answerCommit(question.commit, question.book.last?.record.commit, question.head);
  const [answered, event] = await Promise.all([
    witnesses.servedEvents(told),
    witnesses.newestEvent(question.object),
  ]);
  const served = new Set([...eventsOf(question.book), ...answered]);
  if (!event || served.has(event.delivery))
    return { known: false, waited: await witnesses.secondsSeen(question.object) };
  await witnesses.forgetSeen(question.object);
  const allowed = await witnesses.mayRequest(event.sender);
  return { known: true, login: event.sender, event: event.delivery, allowed };
}

/** What the record and a failed attempt say they have served; an open one has not ended yet. */
function eventsOf({ last, journal }: RecordBook): string[] {
  const failed =
    journal.state === "written" && journal.attempt.result === "failed" ? journal.attempt : undefined;
  return [last?.record.event, failed?.event].filter((event) => event !== undefined);
}

/** An authentic record of this environment names the commit. */
async function wasDeployed({ book, records }: RequestQuestion, commit: ObjectId): Promise<boolean> {
  if (book.last?.record.commit === commit) return true;
  return (await records()).some(({ record }) => record.commit === commit);
}
