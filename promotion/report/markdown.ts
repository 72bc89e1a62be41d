/** More of a foreign text than this helps nobody, and the end of a report that is too long is cut off. */
const longestSpan = 4000;

/**
 * Control characters, marks that turn the direction of the text around them, and halves of characters: they change how
 * their neighbours look, or keep the whole text from being taken.
 */
const unprintable = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** GitHub's renderer takes no more than 80 backticks for a fence, so a text with more would have none. */
const mostBackticks = 10;
const manyBackticks = /`{11,}/g;

/** A text from outside in one line of at most so many characters. */
export function oneLine(text: string, longest: number): string {
  const flat = text.replace(/\s+/g, " ").replace(unprintable, "").trim();
  return flat.length > longest ? `${flat.slice(0, longest - 1).replace(unprintable, "")}…` : flat;
}

/** A text from outside as a code span: it can't break out, whatever backticks or line breaks it holds. */
export function code(text: string): string {
  const flat = oneLine(text, longestSpan).replace(manyBackticks, "`".repeat(mostBackticks)) || " ";
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const padding = flat.startsWith("`") || flat.endsWith("`") ? " " : "";
  return `${fence}${padding}${flat}${padding}${fence}`;
}

/** The same in a cell of a table, where a bar would end the cell, and with it the span. */
export function cellCode(text: string): string {
  return code(text).replace(/\\*\|/g, "\\|");
}

/** A login as a mention; anything that is no login as code, so that nobody can be made to say anything. */
export function mention(login: string): string {
  return /^[A-Za-z0-9-]{1,39}(\[bot\])?$/.test(login) ? `@${login}` : code(login);
}

/** Paragraphs, empty ones left out. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join("\n\n");
}

/** A table; cells are used as they are. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
}
