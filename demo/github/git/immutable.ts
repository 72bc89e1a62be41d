import { LRUCache } from "lru-cache";

const mostAnswers = 5000;
const fullName = /^[0-9a-f]{40}$/;

/**
 * Asks git once about objects that are given by their full names: what such an answer says stays true for ever.
 * Nothing is kept of questions by other names, nor of `undefined`, since an object may still arrive.
 */
export function askOnce<Names extends readonly string[], Answer extends NonNullable<unknown>>(
  ask: (directory: string, ...names: Names) => Promise<Answer | undefined>,
): (directory: string, ...names: Names) => Promise<Answer | undefined> {
  const known = new LRUCache<string, Answer>({ max: mostAnswers });
  return async (directory, ...names) => {
    const key = [directory, ...names].join("\0");
    const answer = known.get(key) ?? (await ask(directory, ...names));
    if (answer !== undefined && names.every((name) => fullName.test(name))) known.set(key, answer);
    return answer;
  };
}
