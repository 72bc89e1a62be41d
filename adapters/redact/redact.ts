import { spellings } from "./spellings.ts";

/** Gives a text with everything secret in it masked. */
export type Redactor = (text: string) => string;

const mask = "***";

/** Tokens known by their shape, whoever they belong to: GitHub's, JWTs, AWS access keys, PEM blocks, URL passwords. */
const shapes: readonly RegExp[] = [
  /\bgh[pousr]_[A-Za-z0-9]{20,255}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,255}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\w+/=:, \r\n\\-]*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?![\w+/=:, \r\n\\-]))/g,
  /(?<=\/\/[^\s/:@]{0,200}:)[^\s/@]{1,500}(?=@)/g,
];

/**
 * A function that masks the given secrets, in every spelling they are likely to appear in, and tokens known by their
 * shape. Secrets shorter than 6 characters are left alone: masking them would garble any text.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = [...new Set(secrets.flatMap(spellings))].sort((a, b) => b.length - a.length);
  const pattern = known.length > 0 ? new RegExp(known.map(literally).join("|"), "g") : undefined;
  return (text) => {
    const masked = pattern ? text.replace(pattern, mask) : text;
    return shapes.reduce((result, shape) => result.replace(shape, mask), masked);
  };
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
