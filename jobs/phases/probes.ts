import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { connect } from "node:net";
import type { HttpCheck, TcpCheck } from "../../promotion/policy-schema.ts";

const bodyLimit = 1024 * 1024;

/** Undefined when healthy, else what is wrong. Never shows the body: the URL may lead anywhere the worker can reach. */
export async function probeHttp(check: HttpCheck, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { status, body } = await get(check.url, signal);
    if (status !== check.status) return `it answered with status ${status} instead of ${check.status}`;
    if (check.contains === undefined || body.includes(check.contains)) return undefined;
    return `its answer does not contain ${JSON.stringify(check.contains)}`;
  } catch (error) {
    return `it did not answer (${errorCode(error)})`;
  }
}

/** Undefined when the port takes connections, else what is wrong. Nothing is said or read. */
export async function probeTcp({ tcp }: TcpCheck, signal: AbortSignal): Promise<string | undefined> {
  const socket = connect({ ...tcp, signal });
  try {
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return undefined;
  } catch (error) {
    return `it took no connection (${errorCode(error)})`;
  } finally {
    socket.destroy();
  }
}

/** One request on a connection of its own, so that no connection to an earlier version is used; follows no redirect. */
function get(url: string, signal: AbortSignal): Promise<{ status: number; body: string }> {
  const request = url.startsWith("https:") ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, signal, headers: { "user-agent": "waymark" } }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const finish = () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
        sent.destroy();
      };
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= bodyLimit) finish();
      });
      response.once("end", finish);
      response.once("error", reject);
    });
    sent.once("error", reject);
    sent.end();
  });
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  if (error.name === "AbortError" || error.name === "TimeoutError") return "it took too long";
  return "code" in error && typeof error.code === "string" ? error.code : error.message.slice(0, 200);
}
