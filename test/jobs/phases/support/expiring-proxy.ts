import type { IncomingMessage } from "node:http";
import { type LocalProxy, startProxy } from "../../../support/proxy.ts";

/** Stands before an AWS that never ends a session, and answers as AWS does once it has ended. */
export interface ExpiringProxy extends LocalProxy {
  /** Ends all sessions whose keys were used up to now; `all`: those that begin later, too. */
  expire(which?: "all"): void;
  /** Sessions that begin from now on live. */
  recover(): void;
}

export async function expiringProxy(target: string): Promise<ExpiringProxy> {
  const used = new Set<string>();
  const expired = new Set<string>();
  let hopeless = false;
  const proxy = await startProxy(target, (asked, answer) => {
    const session = sessionOf(asked);
    if (session === undefined) return false;
    used.add(session);
    if (!hopeless && !expired.has(session)) return false;
    asked.resume();
    answer.writeHead(400, { "content-type": "application/xml" }).end(expiredToken);
    return true;
  });
  return {
    ...proxy,
    expire: (which) => {
      for (const session of used) expired.add(session);
      hopeless = which === "all";
    },
    recover: () => {
      hopeless = false;
    },
  };
}

const expiredToken =
  "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>";

/** The key of a request that is made in a session. */
function sessionOf({ headers }: IncomingMessage): string | undefined {
  if (headers["x-amz-security-token"] === undefined) return undefined;
  return /Credential=([^/]+)\//.exec(headers.authorization ?? "")?.[1];
}
