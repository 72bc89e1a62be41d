import { writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { taggerEmail } from "../../../adapters/git/tags.ts";
import { freshDirectory } from "../../support/directory.ts";

/** Runs the real ssh-keygen; its absence fails the test. */
export async function sshKeygen(args: readonly string[], input = ""): Promise<string> {
  const { stdout } = await execa("ssh-keygen", args, { input });
  return stdout;
}

export interface KeyPair {
  /** File of the private key; the public one lies beside it with the ending `.pub`. */
  readonly file: string;
  /** `ssh-ed25519 AAAA… comment`. */
  readonly publicLine: string;
}

/** A key made by OpenSSH itself. */
export async function makeKey(type: string, ...options: readonly string[]): Promise<KeyPair> {
  const file = path.join(await freshDirectory(), "key");
  await sshKeygen(["-q", "-t", type, ...options, "-N", "", "-C", "a comment", "-f", file]);
  return { file, publicLine: await sshKeygen(["-y", "-f", file]) };
}

/** Signs a text with OpenSSH; gives the signature block. */
export async function sshSign(
  key: KeyPair,
  text: string,
  namespace = "git",
  hash = "sha512",
): Promise<string> {
  return `${await sshKeygen(["-Y", "sign", "-q", "-n", namespace, "-O", `hashalg=${hash}`, "-f", key.file], text)}\n`;
}

/** The fingerprint that OpenSSH prints for a public key. */
export async function sshFingerprint(publicLine: string): Promise<string> {
  return (await sshKeygen(["-l", "-f", "-"], publicLine)).split(" ")[1] ?? "";
}

/** Settings that make `git verify-tag` believe exactly these lines. */
export async function verifySettings(signers: readonly string[]): Promise<readonly string[]> {
  const file = path.join(await freshDirectory(), "allowed_signers");
  await writeFile(file, `${signers.join("\n")}\n`);
  return [
    "-c",
    "gpg.format=ssh",
    "-c",
    `gpg.ssh.allowedSignersFile=${file}`,
    "-c",
    `user.email=${taggerEmail}`,
  ];
}
