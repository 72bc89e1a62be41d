import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { SetupFailure } from "./failure.mjs";

const longestAttempt = 300_000;

/**
 * Downloads a file into memory and checks what it is. Tries again when the network or the server fails; a wrong
 * checksum is final.
 * @param {{ url: string, sha256: string, attempts?: number, pause?: number }} options `pause`: milliseconds before
 *   the second attempt; doubled each time
 * @returns {Promise<Buffer>}
 * @throws {SetupFailure} `download-failed` or `checksum-mismatch`
 */
export async function download({ url, sha256, attempts = 4, pause = 1_000 }) {
  const content = await fetchPatiently(url, attempts, pause);
  const actual = createHash("sha256").update(content).digest("hex");
  if (actual === sha256) return content;
  throw new SetupFailure({
    code: "checksum-mismatch",
    message: `${url} is not the file it should be: its SHA-256 is ${actual}, not ${sha256}. It was thrown away.`,
    next: "Find out what stands between you and that server (a proxy?), or install the program another way.",
  });
}

async function fetchPatiently(url, attempts, pause) {
  try {
    return await fetchOnce(url);
  } catch (error) {
    if (attempts > 1 && error.final !== true) {
      await delay(pause);
      return fetchPatiently(url, attempts - 1, pause * 2);
    }
    throw new SetupFailure({
      code: "download-failed",
      message: `${url} could not be downloaded: ${error.cause?.message ?? error.message}.`,
      next: "Check the network, then run this again.",
      cause: error,
    });
  }
}

async function fetchOnce(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(longestAttempt) });
  if (response.ok) return Buffer.from(await response.arrayBuffer());
  await response.body?.cancel();
  const retryable = response.status >= 500 || response.status === 408 || response.status === 429;
  throw Object.assign(new Error(`the server answers ${response.status}`), { final: !retryable });
}
