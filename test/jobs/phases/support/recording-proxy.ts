import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { type Proxy, startProxy } from "./proxy.ts";

/** Something asked of AWS in a session. */
export interface Asked {
  /** The name of the role. */
  readonly role: string;
  readonly method: string;
  readonly path: string;
}

/** Stands before an AWS, and writes down who asks what. */
export interface RecordingProxy extends Proxy {
  readonly asked: readonly Asked[];
  /** All parts of all keys that were given out. */
  readonly secrets: readonly string[];
}

export async function recordingProxy(target: string): Promise<RecordingProxy> {
  const asked: Asked[] = [];
  const secrets: string[] = [];
  const roles = new Map<string, string>();
  const takeRole = async (request: IncomingMessage, answer: ServerResponse) => {
    const body = await text(request);
    const names = ["authorization", "content-type", "x-amz-security-token"];
    const headers = names.flatMap((name): [string, string][] => {
      const value = request.headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    });
    const answered = await fetch(target, { method: "POST", headers, body });
    const told = await answered.text();
    const parts = [...told.matchAll(/<(?:AccessKeyId|SecretAccessKey|SessionToken)>([^<]+)</g)];
    secrets.push(...parts.map(([, part = ""]) => part));
    const [, key = ""] = /<AccessKeyId>([^<]+)</.exec(told) ?? [];
    roles.set(key, new URLSearchParams(body).get("RoleArn")?.split("/").at(-1) ?? "");
    answer.writeHead(answered.status, { "content-type": "text/xml" }).end(told);
    return true;
  };
  const proxy = await startProxy(target, async (request, answer) => {
    const { method = "", url: path = "", headers } = request;
    if (method === "POST" && path === "/") return await takeRole(request, answer);
    const [, key = ""] = /Credential=([^/]+)\//.exec(headers.authorization ?? "") ?? [];
    asked.push({ role: roles.get(key) ?? key, method, path });
    return false;
  });
  return { ...proxy, asked, secrets };
}
