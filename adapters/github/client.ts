import { createAppAuth } from "@octokit/auth-app";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import type { Logger } from "pino";
import { z } from "zod";
import { patientFetch, pause } from "./pause.ts";
import { installationClientId, type SharedBudget } from "./shared-budget.ts";
import { writeBudget } from "./write-budget.ts";

const Client = Octokit.plugin(retry, throttling);

/** A client of GitHub's REST API, signed in as the App itself or as one of its installations. */
export type GitHubClient = InstanceType<typeof Client>;

/** What the App signs in with, and what all its clients share. */
export interface AppCredentials {
  readonly appId: string;
  /** PEM. */
  readonly privateKey: string;
  /** Used as it is, without a trailing slash. */
  readonly apiUrl: string;
  /** Undefined: no other process writes. */
  readonly budget?: SharedBudget | undefined;
}

/** How often a call that met a rate limit waits and tries again before it fails. */
const maximumWaits = 3;

/** Answers that stay the same however often one asks; 429 is a rate limit, which is waited for instead. */
const refusals = [400, 401, 403, 404, 410, 422, 429, 451];

/** Signed in as the App: for its installations and its delivery log. */
export function appClient(app: AppCredentials, log: Logger): GitHubClient {
  return client(app, { appId: app.appId, privateKey: app.privateKey }, "app", log);
}

/** Signed in as one installation. Each has a rate limit and a write budget of its own. */
export function installationClient(app: AppCredentials, installationId: number, log: Logger): GitHubClient {
  const auth = { appId: app.appId, privateKey: app.privateKey, installationId };
  return client(app, auth, installationClientId(installationId), log);
}

const authentication = z.object({ token: z.string().min(1) });

/** A token of the client's installation, good for at least a minute; renewed by need. */
export async function installationToken(github: GitHubClient): Promise<string> {
  return authentication.parse(await github.auth({ type: "installation" })).token;
}

function client(app: AppCredentials, auth: object, id: string, log: Logger): GitHubClient {
  const waits = (seconds: number, _options: object, _client: object, count: number): boolean => {
    log.warn({ seconds, count, client: id }, "GitHub's rate limit is reached, waiting");
    pause(id, seconds);
    return count < maximumWaits;
  };
  const made = new Client({
    authStrategy: createAppAuth,
    auth,
    baseUrl: app.apiUrl,
    userAgent: "waymark",
    request: { fetch: patientFetch(id) },
    retry: { doNotRetry: refusals },
    throttle: { id, write: writeBudget, onRateLimit: waits, onSecondaryRateLimit: waits },
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message: string) => log.warn(message),
      error: (message: string) => log.debug(message),
    },
  });
  made.hook.before("request", async (call) => {
    if (isWrite(call)) await app.budget?.turn(id);
  });
  return made;
}

/** A token is asked for by POST, too, but that writes nothing. */
function isWrite({ method, url }: { readonly method: string; readonly url: string }): boolean {
  return method !== "GET" && method !== "HEAD" && !url.endsWith("/access_tokens");
}
