import { inflateRawSync } from "node:zlib";

const endOfDirectory = Buffer.from("PK\x05\x06", "latin1");
const stored = 0;
const deflated = 8;

/**
 * The content of one file of a zip archive; the archive is one whose checksum was verified.
 * @param {Buffer} archive
 * @param {string} name
 * @returns {Buffer}
 */
export function readZipEntry(archive, name) {
  const entry = directoryEntries(archive).find((candidate) => candidate.name === name);
  if (entry === undefined) throw new Error(`The archive holds no ${name}.`);
  // The local header repeats the name, and has extra fields of its own length, before the data.
  const data =
    entry.offset + 30 + archive.readUInt16LE(entry.offset + 26) + archive.readUInt16LE(entry.offset + 28);
  const content = archive.subarray(data, data + entry.compressedSize);
  if (entry.method === stored) return content;
  if (entry.method === deflated) return inflateRawSync(content, { maxOutputLength: entry.size });
  throw new Error(`${name} is compressed in an unknown way (${entry.method}).`);
}

/** The central directory, which says where each file is. */
function directoryEntries(archive) {
  const end = archive.lastIndexOf(endOfDirectory);
  if (end === -1) throw new Error("This is not a zip archive.");
  const entries = [];
  let position = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = archive.readUInt16LE(position + 28);
    entries.push({
      name: archive.toString("utf8", position + 46, position + 46 + nameLength),
      method: archive.readUInt16LE(position + 10),
      compressedSize: archive.readUInt32LE(position + 20),
      size: archive.readUInt32LE(position + 24),
      offset: archive.readUInt32LE(position + 42),
    });
    position += 46 + nameLength + archive.readUInt16LE(position + 30) + archive.readUInt16LE(position + 32);
  }
  return entries;
}
