import type { SignedTag } from "../../adapters/git/repository.ts";
import { parseAttempt, type StoredAttempt } from "../../promotion/attempt.ts";
import { parseRecord, type StoredRecord } from "../../promotion/record.ts";
import { attemptRef, recordRef, tagName } from "../../promotion/ref.ts";

/** Whose records and attempts are looked for. */
export interface Owner {
  readonly repository: number;
  readonly environment: string;
}

/** The record that a tag object is, if its text says so; `authentic` tells whether to believe it. */
export function recordIn(tag: SignedTag | undefined, owner: Owner): StoredRecord | undefined {
  const record = tag && parseRecord(tag.message);
  if (!tag || !record || !isOwn(record, owner)) return undefined;
  const named = tag.name === tagName(recordRef(owner.environment, record.number));
  return named && tag.target === record.commit ? { object: tag.object, record } : undefined;
}

/** The attempt that a tag object is, if its text says so; `authentic` tells whether to believe it. */
export function attemptIn(tag: SignedTag | undefined, owner: Owner): StoredAttempt | undefined {
  const attempt = tag && parseAttempt(tag.message);
  if (!tag || !attempt || !isOwn(attempt, owner)) return undefined;
  const named = tag.name === tagName(attemptRef(owner.environment));
  return named && tag.target === attempt.commit ? { object: tag.object, attempt } : undefined;
}

/** Made with a key that is trusted here. */
export function isAuthentic(tag: SignedTag | undefined): boolean {
  return tag?.signature === "authentic";
}

/** The key of a tag that looks like Waymark's own and is signed by an unknown key. */
export function unknownKeyOf(tag: SignedTag | undefined, owner: Owner): string | undefined {
  if (tag?.signature !== "unknown-key") return undefined;
  return recordIn(tag, owner) || attemptIn(tag, owner) ? tag.fingerprint : undefined;
}

function isOwn(what: { repository: number; environment: string }, owner: Owner): boolean {
  return what.repository === owner.repository && what.environment === owner.environment;
}
