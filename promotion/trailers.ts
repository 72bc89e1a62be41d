/** Git trailers (`Key: value`, one a line) in the order they are written. */
export type Trailers = ReadonlyMap<string, string>;

/**
 * The closing paragraph of a message. Undefined values are left out. Control characters become spaces: a line break
 * would forge a trailer, and git cuts a text at a zero byte.
 */
export function formatTrailers(entries: Readonly<Record<string, string | undefined>>): string {
  const lines = Object.entries(entries).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${value.replace(/\p{Cc}+/gu, " ")}`],
  );
  return lines.join("\n");
}

/** The trailers of a message's last paragraph. A key given twice makes the message unreadable: undefined. */
export function parseTrailers(message: string): Trailers | undefined {
  const paragraph =
    message
      .replace(/\n+$/, "")
      .split(/\n{2,}/)
      .at(-1) ?? "";
  const trailers = new Map<string, string>();
  for (const line of paragraph.split("\n")) {
    const match = /^([A-Z][A-Za-z-]*): (.*)$/s.exec(line);
    if (!match?.[1] || match[2] === undefined || trailers.has(match[1])) return undefined;
    trailers.set(match[1], match[2]);
  }
  return trailers;
}
