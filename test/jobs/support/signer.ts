import { generateKeyPairSync } from "node:crypto";
import { signingKeyFromPem } from "../../../adapters/signing/keys.ts";
import { createSigner, type Signer } from "../../../adapters/signing/signer.ts";

/** A signer with a key of its own, which nobody else trusts. */
export function newSigner(): Signer {
  const { privateKey } = generateKeyPairSync("ed25519");
  return createSigner(signingKeyFromPem(privateKey.export({ format: "pem", type: "pkcs8" }).toString()));
}
