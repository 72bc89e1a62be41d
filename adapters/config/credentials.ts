import { readFileSync } from "node:fs";
import { isPrivateKey, plainPem } from "./pem.ts";

/** What Waymark signs in to GitHub with. */
export interface AppConfig {
  readonly appId: string;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly apiUrl: string;
}

/** All three credentials or none: with some, somebody forgot the others. Adds what is wrong to the mistakes. */
export function readCredentials(
  environment: NodeJS.ProcessEnv,
  apiUrl: string,
  mistakes: string[],
): AppConfig | undefined {
  const { APP_ID: appId, WEBHOOK_SECRET: webhookSecret, PRIVATE_KEY, PRIVATE_KEY_PATH } = environment;
  const hasKey = Boolean(PRIVATE_KEY || PRIVATE_KEY_PATH);
  if (!appId && !webhookSecret && !hasKey) return undefined;
  if (!appId) mistakes.push("APP_ID is missing");
  if (!hasKey) mistakes.push("PRIVATE_KEY or PRIVATE_KEY_PATH is missing");
  if (!webhookSecret) mistakes.push("WEBHOOK_SECRET is missing");
  const privateKey = readPrivateKey(environment, mistakes);
  if (!appId || !privateKey || !webhookSecret) return undefined;
  return { appId, privateKey, webhookSecret, apiUrl: apiUrl.replace(/\/+$/, "") };
}

/** The key itself goes before a file that holds it. Neither value is ever part of a message. */
function readPrivateKey(environment: NodeJS.ProcessEnv, mistakes: string[]): string | undefined {
  const { PRIVATE_KEY: text, PRIVATE_KEY_PATH: file } = environment;
  const given = text || (file ? readKeyFile(file, mistakes) : undefined);
  if (given === undefined) return undefined;
  const pem = plainPem(given);
  if (pem !== undefined && isPrivateKey(pem, "rsa")) return pem;
  mistakes.push(
    `${text ? "PRIVATE_KEY" : "PRIVATE_KEY_PATH"} holds no RSA private key, as GitHub makes them`,
  );
  return undefined;
}

function readKeyFile(file: string, mistakes: string[]): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    mistakes.push("PRIVATE_KEY_PATH names a file that can't be read");
    return undefined;
  }
}
