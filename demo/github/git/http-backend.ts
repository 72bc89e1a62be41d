import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable, Writable } from "node:stream";
import { gitEnvironment } from "./git.ts";

export interface BackendRequest {
  readonly request: IncomingMessage;
  /** The request's body. */
  readonly input: Readable;
  readonly response: ServerResponse;
  /** The bare repository. */
  readonly directory: string;
  /** What follows the repository in the address, e.g. `/info/refs`. */
  readonly path: string;
  readonly query: string;
  readonly user: string;
}

/**
 * Answers one smart HTTP request with `git http-backend`, streaming both ways. The response is left open: the
 * caller ends it, so that a client never sees its push finished before the server has taken note of it.
 */
export async function runBackend(call: BackendRequest): Promise<void> {
  const child = spawn("git", ["http-backend"], {
    env: cgiEnvironment(call),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const closed = new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
  send(call.input, child.stdin);
  call.response.once("close", () => child.kill());
  await Promise.all([closed, answer(child.stdout, call.response)]);
}

/** A backend may stop reading early: the rest is then thrown away, so that its answer can still be read. */
function send(body: Readable, input: Writable): void {
  input.on("error", () => body.resume());
  body.on("error", () => input.destroy());
  body.pipe(input);
}

function cgiEnvironment({ request, directory, path, query, user }: BackendRequest): Record<string, string> {
  const header = (name: string) => {
    const value = request.headers[name];
    return typeof value === "string" ? value : "";
  };
  return {
    ...gitEnvironment,
    GIT_PROJECT_ROOT: directory,
    GIT_HTTP_EXPORT_ALL: "1",
    GIT_PROTOCOL: header("git-protocol"),
    HTTP_CONTENT_ENCODING: header("content-encoding"),
    REQUEST_METHOD: request.method ?? "GET",
    PATH_INFO: path,
    QUERY_STRING: query,
    CONTENT_TYPE: header("content-type"),
    REMOTE_USER: user,
    REMOTE_ADDR: "127.0.0.1",
    ...(header("content-length") === "" ? {} : { CONTENT_LENGTH: header("content-length") }),
  };
}

/** Turns CGI output into an HTTP answer: header lines, an empty line, the body. */
async function answer(output: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  let head = Buffer.alloc(0);
  for await (const chunk of output) {
    if (response.headersSent) {
      await write(response, chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end === -1) continue;
    sendHead(response, head.subarray(0, end).toString());
    await write(response, head.subarray(end + 4));
  }
}

function sendHead(response: ServerResponse, head: string): void {
  const fields = head
    .split("\r\n")
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()] as const);
  const status = fields.find(([name]) => name.toLowerCase() === "status")?.[1] ?? "200";
  response.writeHead(
    Number.parseInt(status, 10),
    Object.fromEntries(fields.filter(([name]) => name.toLowerCase() !== "status")),
  );
}

/** Waits while the client is slower than git. (A response that is not to be sent has no socket.) */
async function write(response: ServerResponse, chunk: Buffer): Promise<void> {
  const flowing = response.destroyed || response.write(chunk);
  if (flowing || response.socket === null) return;
  await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
}
