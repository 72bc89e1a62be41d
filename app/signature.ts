import { createHmac, timingSafeEqual } from "node:crypto";

/** Does `X-Hub-Signature-256` belong to these very bytes? Compares in constant time. */
export function isSigned(secret: string, body: Buffer, signature: string): boolean {
  const wanted = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const given = Buffer.from(signature);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
