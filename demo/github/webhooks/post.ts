import { request } from "node:http";
import type { Delivery } from "../model/delivery.ts";

export type PostResult = Pick<Delivery, "status" | "statusCode" | "response">;

const answerWithinMilliseconds = 10_000;
const noResponse = { headers: {}, payload: null };

/** What the log says of a host that can't be reached. */
export const unreachable: PostResult = {
  status: "failed to connect to host",
  statusCode: 502,
  response: noResponse,
};

const late: PostResult = { status: "timed out", statusCode: 504, response: noResponse };

/** Posts a webhook, waiting at most 10 s for the whole answer. Never rejects: a failure is a result. */
export function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<PostResult> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(answerWithinMilliseconds);
    const fail = () => resolve(signal.aborted ? late : unreachable);
    const options = {
      method: "POST",
      headers: { ...headers, "Content-Length": Buffer.byteLength(body) },
      signal,
      agent: false as const,
    };
    const outgoing = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", fail);
      response.on("end", () =>
        resolve(result(response.statusCode ?? 502, response.headers, Buffer.concat(chunks))),
      );
    });
    outgoing.on("error", fail).end(body);
  });
}

function result(statusCode: number, headers: NodeJS.Dict<string | string[]>, body: Buffer): PostResult {
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  return {
    status: statusCode >= 200 && statusCode < 300 ? "OK" : `Invalid HTTP Response: ${statusCode}`,
    statusCode,
    response: { headers: Object.fromEntries(flat), payload: body.toString() },
  };
}
