/** SSH's wire encoding: byte strings, each behind its length as four bytes, big end first (RFC 4251, section 5). */
export function sshString(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Reads byte strings one after another; undefined once the rest is too short for what it claims to hold. */
export function sshReader(bytes: Buffer): () => Buffer | undefined {
  let offset = 0;
  return () => {
    if (offset + 4 > bytes.length) return undefined;
    const end = offset + 4 + bytes.readUInt32BE(offset);
    if (end > bytes.length) return undefined;
    const value = bytes.subarray(offset + 4, end);
    offset = end;
    return value;
  };
}
