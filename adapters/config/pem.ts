import { createPrivateKey } from "node:crypto";

/** A PEM text, the same with `\n` for line breaks, or the same in base64: environments mangle line breaks. */
export function plainPem(text: string): string | undefined {
  const plain = text.includes("-----BEGIN") ? text : Buffer.from(text, "base64").toString();
  return plain.includes("-----BEGIN") ? plain.replaceAll("\\n", "\n") : undefined;
}

/** Is the PEM text a private key of this type, say `rsa`? */
export function isPrivateKey(pem: string, type: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === type;
  } catch {
    return false;
  }
}
