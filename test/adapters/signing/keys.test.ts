import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  allowedSigner,
  deriveSigningKey,
  parsePublicKeys,
  publicKeyFromBlob,
  signingKeyFromPem,
} from "../../../adapters/signing/keys.ts";
import { makeKey, sshFingerprint } from "./openssh.ts";

const appKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const pem = (type: "pkcs1" | "pkcs8") => appKey.export({ format: "pem", type }).toString();

describe("the derived signing key", () => {
  it("is the same in whichever form the App's key is kept", () => {
    const derived = deriveSigningKey(pem("pkcs1"));
    expect(pem("pkcs1")).not.toBe(pem("pkcs8"));
    expect(deriveSigningKey(pem("pkcs8")).public.fingerprint).toBe(derived.public.fingerprint);
    expect(deriveSigningKey(`\n${pem("pkcs1")}\n`).public.fingerprint).toBe(derived.public.fingerprint);
  });

  it("is another for another App", () => {
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const otherPem = other.export({ format: "pem", type: "pkcs1" }).toString();
    expect(deriveSigningKey(otherPem).public.fingerprint).not.toBe(
      deriveSigningKey(pem("pkcs1")).public.fingerprint,
    );
  });

  it("never changes, or every record ever signed would be foreign", () => {
    const fixed = createPrivateKey({
      key: Buffer.from(`302e020100300506032b657004220420${"07".repeat(32)}`, "hex"),
      format: "der",
      type: "pkcs8",
    });
    const derived = deriveSigningKey(fixed.export({ format: "pem", type: "pkcs8" }).toString());
    expect(derived.public.fingerprint).toBe("SHA256:fvCFCuB7A1uWbLqPEP0GDcaHDeFk5C7DGvEDS6fn40g");
  });
});

describe("WAYMARK_SIGNING_KEY", () => {
  it("is an ed25519 key", () => {
    const key = generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString();
    expect(signingKeyFromPem(key).public.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });

  it("is refused when it is of another type", () => {
    expect(() => signingKeyFromPem(pem("pkcs8"))).toThrow(
      expect.objectContaining({ name: "WaymarkError", code: "signing-key-type", source: "service" }),
    );
  });

  it.each(["", "hello", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])(
    "is refused when it is no key: %j",
    (text) => {
      expect(() => signingKeyFromPem(text)).toThrow(
        expect.objectContaining({ name: "WaymarkError", code: "signing-key-unreadable", source: "service" }),
      );
    },
  );
});

describe("WAYMARK_TRUSTED_KEYS", () => {
  it("have the fingerprints that OpenSSH prints", async () => {
    const key = await makeKey("ed25519");
    expect(parsePublicKeys(key.publicLine)[0]?.fingerprint).toBe(await sshFingerprint(key.publicLine));
  });

  it("stand one a line or between commas", async () => {
    const [first, second] = await Promise.all([makeKey("ed25519"), makeKey("ed25519")]);
    const text = `# old keys\n\n  ${first.publicLine}  \r\n${second.publicLine},${first.publicLine}\n`;
    expect(parsePublicKeys(text)).toHaveLength(3);
    expect(parsePublicKeys("")).toEqual([]);
  });

  it.each(["hello", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-rsa AAAAB3NzaC1yc2E="])("are not %j", (line) => {
    expect(() => parsePublicKeys(line)).toThrow(
      expect.objectContaining({ name: "WaymarkError", code: "trusted-key-unreadable" }),
    );
  });

  it("are no longer than a key", async () => {
    const [key] = parsePublicKeys((await makeKey("ed25519")).publicLine);
    const blob = key?.blob ?? Buffer.alloc(0);
    expect(publicKeyFromBlob(blob)?.fingerprint).toBe(key?.fingerprint);
    for (const more of [Buffer.from([0]), Buffer.alloc(4), Buffer.alloc(40)]) {
      expect(publicKeyFromBlob(Buffer.concat([blob, more]))).toBeUndefined();
    }
    expect(publicKeyFromBlob(blob.subarray(0, -1))).toBeUndefined();
  });

  it("are written as git wants them", async () => {
    const { publicLine } = await makeKey("ed25519");
    const [key] = parsePublicKeys(publicLine);
    const [type, base64] = publicLine.split(" ");
    expect(key && allowedSigner("a@example.com", key)).toBe(
      `a@example.com namespaces="git" ${type} ${base64}`,
    );
  });
});
