import { deriveSigningKey, parsePublicKeys, signingKeyFromPem } from "../signing/keys.ts";
import { createSigner, type Signer } from "../signing/signer.ts";
import type { AppConfig, Config } from "./config.ts";

/** The signer that the configuration names: a key of its own, or one derived from the App's. */
export function configuredSigner(config: Pick<Config, "signingKey" | "trustedKeys">, app: AppConfig): Signer {
  const key = config.signingKey ? signingKeyFromPem(config.signingKey) : deriveSigningKey(app.privateKey);
  return createSigner(key, parsePublicKeys(config.trustedKeys));
}
