const shortest = 6;

/** The ways in which a secret may show up in a text: as it is, line by line, and encoded. */
export function spellings(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const parts = [secret, ...lines].filter((part) => part.length >= shortest && !isFrame(part));
  return parts.flatMap((part) => [part, ...encoded(part)]).filter((part) => part.length >= shortest);
}

/** A key's first and last line are no secret, and alike in all keys. */
const isFrame = (line: string): boolean => /^-----(?:BEGIN|END) [^\n]*-----$/.test(line);

function encoded(text: string): string[] {
  return [encodeURIComponent(text), JSON.stringify(text).slice(1, -1), ...base64(text)];
}

/**
 * What is left of a text in base64, wherever it begins in the encoded data: three alignments, without the characters at
 * the borders, which depend on the neighbours.
 */
function base64(text: string): string[] {
  const aligned = [0, 1, 2].map((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    const whole = Math.floor((bytes.length * 8) / 6);
    return bytes.toString("base64").slice(Math.ceil((offset * 8) / 6), whole);
  });
  return aligned.flatMap((part) => [part, part.replaceAll("+", "-").replaceAll("/", "_")]);
}
