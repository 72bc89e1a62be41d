import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { taggerEmail, tagText, writeTag } from "../../../adapters/git/tags.ts";
import { allowedSigner, parsePublicKeys, signingKeyFromPem } from "../../../adapters/signing/keys.ts";
import { createSigner } from "../../../adapters/signing/signer.ts";
import { runGit } from "../../support/git.ts";
import { createFixture } from "../git/fixture.ts";
import { type KeyPair, makeKey, sshSign, verifySettings } from "./openssh.ts";

const newKey = () =>
  signingKeyFromPem(
    generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  );
const message = tagText({
  name: "deploy/prod/1",
  commit: "a".repeat(40),
  message: "Deploy ü🚀\n\nKind: x\n",
  at: 1,
});

/** Signs with OpenSSH and checks with Waymark. */
async function verifyOpenSsh(key: KeyPair, ...options: readonly string[]) {
  const signer = createSigner(newKey(), parsePublicKeys((await makeKey("ed25519")).publicLine));
  return signer.verify(message + (await sshSign(key, message, ...options)));
}

describe("a tag signed by Waymark", () => {
  it("is accepted by git for whoever holds the public key", async () => {
    const { remote, mirror } = await createFixture();
    const commit = await remote.commit({ branches: ["prod"] });
    const signer = createSigner(newKey());
    await mirror.remote(["fetch", mirror.url, commit]);
    const text = signer.sign(tagText({ name: "deploy/prod/1", commit, message: "m\n\nKind: x\n", at: 1 }));
    const object = await writeTag(mirror, text);
    const trusting = await verifySettings([allowedSigner(taggerEmail, signer.key)]);
    await expect(runGit(mirror.directory, [...trusting, "verify-tag", object])).resolves.toBeDefined();
    const strange = await verifySettings([allowedSigner(taggerEmail, newKey().public)]);
    await expect(runGit(mirror.directory, [...strange, "verify-tag", object])).rejects.toThrow();
    const changed = await writeTag(mirror, text.replace("Kind: x", "Kind: y"));
    await expect(runGit(mirror.directory, [...trusting, "verify-tag", changed])).rejects.toThrow();
  });

  it("is authentic to the key itself and to whoever trusts it", () => {
    const key = newKey();
    const signed = createSigner(key).sign(message);
    expect(createSigner(key).verify(signed)).toEqual({ state: "authentic", message });
    expect(createSigner(newKey(), [key.public]).verify(signed)).toEqual({ state: "authentic", message });
  });

  it("under a key that is not trusted names that key", () => {
    const key = newKey();
    expect(createSigner(newKey()).verify(createSigner(key).sign(message))).toEqual({
      state: "unknown-key",
      message,
      fingerprint: key.public.fingerprint,
    });
  });

  it("is unsigned once any byte is changed", () => {
    const signer = createSigner(newKey());
    const signed = signer.sign(message);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: signed.length - 1 }),
        fc.constantFrom("A", "z", " ", "=", "\n"),
        (at, by) => {
          fc.pre(signed[at] !== by);
          expect(signer.verify(signed.slice(0, at) + by + signed.slice(at + 1))).toEqual({
            state: "unsigned",
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is unsigned once anything is cut off or added", () => {
    const signer = createSigner(newKey());
    const signed = signer.sign(message);
    for (let length = 0; length < signed.length; length += 1) {
      expect(signer.verify(signed.slice(0, length))).toEqual({ state: "unsigned" });
    }
    for (const more of ["\n", " ", "x", signed, "-----END SSH SIGNATURE-----\n"]) {
      expect(signer.verify(signed + more)).toEqual({ state: "unsigned" });
      expect(signer.verify(more + signed)).toEqual({ state: "unsigned" });
    }
  });

  it("has exactly one spelling", () => {
    const signer = createSigner(newKey());
    const [head = "", body = ""] = signer.sign(message).split("-----BEGIN SSH SIGNATURE-----\n");
    const [base64 = ""] = body.split("\n-----END");
    const respelt = (text: string) =>
      `${head}-----BEGIN SSH SIGNATURE-----\n${text}\n-----END SSH SIGNATURE-----\n`;
    expect(signer.verify(respelt(base64)).state).toBe("authentic");
    const longer = Buffer.concat([Buffer.from(base64, "base64"), Buffer.from("more")]).toString("base64");
    for (const text of [
      base64.replaceAll("\n", ""),
      `${base64}\n`,
      `${base64}\nAAAA`,
      `\n${base64}`,
      longer,
    ]) {
      expect(signer.verify(respelt(text))).toEqual({ state: "unsigned" });
    }
  });

  it.each([
    "",
    "hello",
    "-----BEGIN SSH SIGNATURE-----\n",
    "x\n-----BEGIN SSH SIGNATURE-----\n!!!\n-----END SSH SIGNATURE-----\n",
  ])("is not %j", (text) => {
    expect(createSigner(newKey()).verify(text)).toEqual({ state: "unsigned" });
  });

  it("is none of any garbage between the lines of a block", () => {
    const signer = createSigner(newKey());
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .uint8Array({ maxLength: 200 })
        .map((rest) => Buffer.concat([Buffer.from("SSHSIG\0\0\0\u0001"), rest])),
    );
    fc.assert(
      fc.property(garbage, (bytes) => {
        const block = `-----BEGIN SSH SIGNATURE-----\n${Buffer.from(bytes).toString("base64")}\n-----END SSH SIGNATURE-----\n`;
        expect(signer.verify(message + block)).toEqual({ state: "unsigned" });
      }),
    );
  });
});

describe("a tag signed by others", () => {
  it.each(["sha512", "sha256"])("with OpenSSH and %s is authentic when its key is trusted", async (hash) => {
    const key = await makeKey("ed25519");
    const signer = createSigner(newKey(), parsePublicKeys(key.publicLine));
    expect(signer.verify(message + (await sshSign(key, message, "git", hash)))).toEqual({
      state: "authentic",
      message,
    });
  });

  it("with git itself is authentic when its key is trusted", async () => {
    const { remote } = await createFixture();
    const commit = await remote.commit({});
    const key = await makeKey("ed25519");
    const signing = ["-c", "gpg.format=ssh", "-c", `user.signingKey=${key.file}`];
    await remote.git([...signing, "tag", "--sign", "--message=Deploy ü🚀", "deploy/prod/1", commit]);
    const text = `${await remote.git(["cat-file", "tag", "deploy/prod/1"])}\n`;
    const signer = createSigner(newKey(), parsePublicKeys(key.publicLine));
    expect(signer.verify(text)).toMatchObject({ state: "authentic" });
    expect(signer.verify(text.replace("ü", "u"))).toEqual({ state: "unsigned" });
  });

  it("with a key that is not trusted names that key", async () => {
    expect(await verifyOpenSsh(await makeKey("ed25519"))).toMatchObject({
      state: "unknown-key",
      fingerprint: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/),
    });
  });

  it("for another purpose is unsigned", async () => {
    const key = await makeKey("ed25519");
    const signer = createSigner(newKey(), parsePublicKeys(key.publicLine));
    expect(signer.verify(message + (await sshSign(key, message, "file")))).toEqual({ state: "unsigned" });
  });

  it.each([["rsa", "-b", "2048"], ["ecdsa"]])(
    "with a key of type %s is unsigned",
    async (type, ...options) => {
      expect(await verifyOpenSsh(await makeKey(type, ...options))).toEqual({ state: "unsigned" });
    },
  );
});
