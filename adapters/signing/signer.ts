import type { PublicKey, SigningKey } from "./keys.ts";
import { signerOf, signMessage, splitSigned } from "./ssh-signature.ts";

/** What a signed text turned out to be. */
export type Verification =
  | { readonly state: "authentic"; readonly message: string }
  /** A good signature by a key that is not trusted here. */
  | { readonly state: "unknown-key"; readonly message: string; readonly fingerprint: string }
  | { readonly state: "unsigned" };

/** Signs with one key, and believes that key and earlier ones. */
export interface Signer {
  readonly key: PublicKey;
  /** The message with its signature block behind it. */
  sign(message: string): string;
  verify(text: string): Verification;
}

export function createSigner(key: SigningKey, trusted: readonly PublicKey[] = []): Signer {
  const believed = new Set([key.public, ...trusted].map(({ fingerprint }) => fingerprint));
  return {
    key: key.public,
    sign: (message) => message + signMessage(message, key),
    verify: (text) => {
      const parts = splitSigned(text);
      const by = parts && signerOf(parts.message, parts.block);
      if (!parts || !by) return { state: "unsigned" };
      if (believed.has(by.fingerprint)) return { state: "authentic", message: parts.message };
      return { state: "unknown-key", message: parts.message, fingerprint: by.fingerprint };
    },
  };
}
