import { createHash, sign, verify } from "node:crypto";
import { type PublicKey, publicKeyFromBlob, type SigningKey } from "./keys.ts";
import { sshReader, sshString } from "./ssh-wire.ts";

const begin = "-----BEGIN SSH SIGNATURE-----";
const end = "-----END SSH SIGNATURE-----";
const magic = Buffer.from("SSHSIG");
const version = Buffer.from([0, 0, 0, 1]);
const namespace = "git";
const hash = "sha512";

/** The signature block that git expects at the end of a tag (OpenSSH's PROTOCOL.sshsig). */
export function signMessage(message: string, key: SigningKey): string {
  const signature = sign(null, signedBytes(message, hash), key.key);
  const blob = Buffer.concat([
    magic,
    version,
    sshString(key.public.blob),
    sshString(namespace),
    sshString(""),
    sshString(hash),
    sshString(Buffer.concat([sshString("ssh-ed25519"), sshString(signature)])),
  ]);
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

function parseBlock(block: string): { key: Buffer; hash: string; signature: Buffer } | undefined {
  const lines = block.trimEnd().split("\n");
  if (lines[0] !== begin || lines.at(-1) !== end) return undefined;
  const blob = Buffer.from(lines.slice(1, -1).join(""), "base64");
  const header = Buffer.concat([magic, version]);
  if (!blob.subarray(0, header.length).equals(header)) return undefined;
  const read = sshReader(blob.subarray(header.length));
  const [key, space, , algorithm, wrapped] = [read(), read(), read(), read(), read()];
  const readSignature = sshReader(wrapped ?? Buffer.alloc(0));
  const [type, signature] = [readSignature(), readSignature()];
  if (!key || !signature || space?.toString() !== namespace || type?.toString() !== "ssh-ed25519")
    return undefined;
  const name = algorithm?.toString();
  return name === "sha512" || name === "sha256" ? { key, hash: name, signature } : undefined;
}

function signedBytes(message: string, algorithm: string): Buffer {
  const digest = createHash(algorithm).update(message).digest();
  return Buffer.concat([magic, sshString(namespace), sshString(""), sshString(algorithm), sshString(digest)]);
}
