import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from "node:crypto";
import { WaymarkError } from "../../promotion/failure.ts";
import { sshString, sshStrings } from "./ssh-wire.ts";

const algorithm = "ssh-ed25519";
/** What stands before the 32 key bytes in the DER forms of an ed25519 key (RFC 8410). */
const privatePrefix = Buffer.from("302e020100300506032b657004220420", "hex");
const publicPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** A public key in SSH's own encoding. */
export interface PublicKey {
  readonly blob: Buffer;
  readonly key: KeyObject;
  /** As `ssh-keygen -l` prints it: `SHA256:…`. */
  readonly fingerprint: string;
}

export interface SigningKey {
  readonly key: KeyObject;
  readonly public: PublicKey;
}

/** The key in a PEM text (PKCS #8, ed25519), as `openssl genpkey -algorithm ed25519` writes it. */
export function signingKeyFromPem(pem: string): SigningKey {
  const key = readPrivateKey(pem);
  if (key.asymmetricKeyType !== "ed25519") {
    throw new WaymarkError({
      code: "signing-key-type",
      source: "service",
      class: "configuration",
      message: `WAYMARK_SIGNING_KEY is a key of type ${key.asymmetricKeyType}, not ed25519`,
      next: "Make one with: openssl genpkey -algorithm ed25519",
    });
  }
  return signingKey(key);
}

function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new WaymarkError({
      code: "signing-key-unreadable",
      source: "service",
      class: "configuration",
      message: "WAYMARK_SIGNING_KEY holds no private key that can be read",
      next: "Make one with: openssl genpkey -algorithm ed25519",
      cause,
    });
  }
}

/**
 * A signing key derived from the App's private key, so that a new installation signs without further set-up.
 * The same App key always gives the same signing key, in whichever PEM form it is kept.
 */
export function deriveSigningKey(appPrivateKey: string): SigningKey {
  const material = createPrivateKey(appPrivateKey).export({ type: "pkcs8", format: "der" });
  const seed = Buffer.from(hkdfSync("sha256", material, "", "waymark record signing key, version 1", 32));
  return signingKey(
    createPrivateKey({ key: Buffer.concat([privatePrefix, seed]), format: "der", type: "pkcs8" }),
  );
}

/** Public keys as OpenSSH writes them (`ssh-ed25519 AAAA… comment`), one a line or separated by commas. */
export function parsePublicKeys(text: string): readonly PublicKey[] {
  const lines = text.split(/[\n,]/).map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#")).map(parsePublicKey);
}

function parsePublicKey(line: string): PublicKey {
  const [type, encoded] = line.split(/\s+/);
  const key = type === algorithm ? publicKeyFromBlob(Buffer.from(encoded ?? "", "base64")) : undefined;
  if (key) return key;
  throw new WaymarkError({
    code: "trusted-key-unreadable",
    source: "service",
    class: "configuration",
    message: `WAYMARK_TRUSTED_KEYS holds a line that is no ${algorithm} key: ${line.slice(0, 40)}`,
    next: `Write each key as "${algorithm} AAAA…", one a line or separated by commas.`,
  });
}

/** The key in SSH's encoding, or undefined when the bytes are no ed25519 key. */
export function publicKeyFromBlob(blob: Buffer): PublicKey | undefined {
  const [type, bytes, ...rest] = sshStrings(blob) ?? [];
  if (type?.toString() !== algorithm || bytes?.length !== 32 || rest.length > 0) return undefined;
  const key = createPublicKey({ key: Buffer.concat([publicPrefix, bytes]), format: "der", type: "spki" });
  return { blob, key, fingerprint: fingerprint(blob) };
}

/** One line for git's `gpg.ssh.allowedSignersFile`: lets anybody check records with `git verify-tag`. */
export function allowedSigner(principal: string, key: PublicKey): string {
  return `${principal} namespaces="git" ${algorithm} ${key.blob.toString("base64")}`;
}

function signingKey(key: KeyObject): SigningKey {
  const bytes = createPublicKey(key).export({ type: "spki", format: "der" }).subarray(publicPrefix.length);
  const blob = Buffer.concat([sshString(algorithm), sshString(bytes)]);
  return { key, public: { blob, key: createPublicKey(key), fingerprint: fingerprint(blob) } };
}

function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}
