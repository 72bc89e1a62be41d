import { askSts, type LocalProxy, startProxy } from "../../../support/proxy.ts";

/** Something asked of AWS in a session. */
export interface Asked {
  /** The name of the role. */
  readonly role: string;
  readonly method: string;
  readonly path: string;
}

/** Stands before an AWS, and writes down who asks what. */
export interface RecordingProxy extends LocalProxy {
  readonly asked: readonly Asked[];
  /** All parts of all keys that were given out. */
  readonly secrets: readonly string[];
  /** What the sessions are called. */
  readonly sessions: ReadonlySet<string>;
}

export async function recordingProxy(target: string): Promise<RecordingProxy> {
  const asked: Asked[] = [];
  const secrets: string[] = [];
  const sessions = new Set<string>();
  const roles = new Map<string, string>();
  const proxy = await startProxy(target, async (request, answer) => {
    const taken = await askSts(target, request);
    if (taken !== undefined) {
      const parts = [...taken.xml.matchAll(/<(?:AccessKeyId|SecretAccessKey|SessionToken)>([^<]+)</g)];
      if (taken.session !== "") sessions.add(taken.session);
      secrets.push(...parts.map(([, part = ""]) => part));
      roles.set(parts[0]?.[1] ?? "", taken.role);
      answer.writeHead(taken.status, { "content-type": "text/xml" }).end(taken.xml);
      return true;
    }
    const { method = "", url: path = "", headers } = request;
    const [, key = ""] = /Credential=([^/]+)\//.exec(headers.authorization ?? "") ?? [];
    asked.push({ role: roles.get(key) ?? key, method, path });
    return false;
  });
  return { ...proxy, asked, secrets, sessions };
}
