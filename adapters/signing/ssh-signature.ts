import { createHash, sign, verify } from "node:crypto";
import { type PublicKey, publicKeyFromBlob, type SigningKey } from "./keys.ts";
import { sshString, sshStrings } from "./ssh-wire.ts";

const begin = "-----BEGIN SSH SIGNATURE-----";
const end = "-----END SSH SIGNATURE-----";
const magic = Buffer.from("SSHSIG");
const version = Buffer.from([0, 0, 0, 1]);
const header = Buffer.concat([magic, version]);
const namespace = "git";
const hashName = "sha512";

/** The signature block that git expects at the end of a tag (OpenSSH's PROTOCOL.sshsig). */
export function signMessage(message: string, key: SigningKey): string {
  const signature = sign(null, signedBytes(message, hashName), key.key);
  const blob = Buffer.concat([
    header,
    sshString(key.public.blob),
    sshString(namespace),
    sshString(""),
    sshString(hashName),
    sshString(Buffer.concat([sshString("ssh-ed25519"), sshString(signature)])),
  ]);
  return armor(blob);
}

function armor(blob: Buffer): string {
  const lines = blob.toString("base64").match(/.{1,70}/g) ?? [];
  return `${[begin, ...lines, end].join("\n")}\n`;
}

/** A signed text split into what was signed and the signature block, if it has one. */
export function splitSigned(text: string): { message: string; block: string } | undefined {
  const start = text.indexOf(`\n${begin}\n`);
  return start < 0 ? undefined : { message: text.slice(0, start + 1), block: text.slice(start + 1) };
}

/** The key that made this signature of this message, trusted or not; undefined when it is no good signature. */
export function signerOf(message: string, block: string): PublicKey | undefined {
  const parts = parseBlock(block);
  if (!parts) return undefined;
  const key = publicKeyFromBlob(parts.key);
  if (!key) return undefined;
  return verify(null, signedBytes(message, parts.hash), key.key, parts.signature) ? key : undefined;
}

/**
 * Takes a block only in the one spelling that OpenSSH gives it: else whoever may write tags could make a second
 * object, with another id, out of a record.
 */
function parseBlock(block: string): { key: Buffer; hash: string; signature: Buffer } | undefined {
  const blob = Buffer.from(block.split("\n").slice(1, -2).join(""), "base64");
  if (armor(blob) !== block || !blob.subarray(0, header.length).equals(header)) return undefined;
  const [key, space, reserved, hash, wrapped, ...rest] = sshStrings(blob.subarray(header.length)) ?? [];
  const [type, signature, ...more] = sshStrings(wrapped ?? Buffer.alloc(0)) ?? [];
  if (!key || !hash || !signature || reserved?.length !== 0 || rest.length + more.length > 0)
    return undefined;
  if (space?.toString() !== namespace || type?.toString() !== "ssh-ed25519") return undefined;
  return /^sha(256|512)$/.test(hash.toString()) ? { key, hash: hash.toString(), signature } : undefined;
}

function signedBytes(message: string, algorithm: string): Buffer {
  const digest = createHash(algorithm).update(message).digest();
  return Buffer.concat([magic, sshString(namespace), sshString(""), sshString(algorithm), sshString(digest)]);
}
