/** What CDKTF writes is nested some twenty levels deep. */
const maximumDepth = 100;

/**
 * JSON that a repository or its app wrote, nested no deeper than what walks over it later can bear. Errors: those of
 * JSON.parse; an Error where it is too deep.
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maximumDepth) throw new Error(`it is nested more than ${maximumDepth} levels deep`);
    level = level.flatMap(children);
  }
  return value;
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.filter(isNested);
  return isNested(value) ? Object.values(value).filter(isNested) : [];
}

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;
