/** A git object id in full: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits. */
export type ObjectId = string;

const pattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export function isObjectId(text: string): boolean {
  return pattern.test(text);
}

/** As webhooks spell "there is no such object": a ref that was created or deleted. */
export function isZeroId(text: string): boolean {
  return isObjectId(text) && /^0+$/.test(text);
}

/** Short enough to read, long enough to find; for texts only, never for git. */
export function shortId(id: ObjectId): string {
  return id.slice(0, 8);
}
