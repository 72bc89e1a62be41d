import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable, Writable } from "node:stream";
import { createGunzip } from "node:zlib";
import { git, gitEnvironment } from "./git.ts";
import { askOnce } from "./immutable.ts";

export interface SmartRequest {
  readonly request: IncomingMessage;
  /** The request's body. */
  readonly input: Readable;
  readonly response: ServerResponse;
  /** The bare repository. */
  readonly directory: string;
  /** What follows the repository in the address, e.g. `/info/refs`. */
  readonly path: string;
  readonly query: URLSearchParams;
}

const services = ["git-upload-pack", "git-receive-pack"] as const;
type Service = (typeof services)[number];

/**
 * Answers one smart HTTP request with git's own service, streaming both ways; `git http-backend` would put two more
 * processes before it. The response is left open: the caller ends it, so that a client never sees its push finished
 * before the server has taken note of it.
 */
export async function answerSmartHttp(asked: SmartRequest): Promise<void> {
  const { response, path, query } = asked;
  const isAdvertisement = path === "/info/refs";
  const name = isAdvertisement ? query.get("service") : path.slice(1);
  const service = services.find((one) => one === name);
  if (service === undefined) {
    response.writeHead(403, { "content-type": "text/plain; charset=utf-8" });
    return;
  }
  const kind = isAdvertisement ? "advertisement" : "result";
  const type = `application/x-${service}-${kind}`;
  response.writeHead(200, { "content-type": type, "cache-control": "no-cache" });
  if (isAdvertisement) await advertise(asked, service);
  else await run(asked, service, "--stateless-rpc");
}

/** Format: git's `gitprotocol-http` and `gitprotocol-v2`. */
async function advertise(asked: SmartRequest, service: Service): Promise<void> {
  const isVersion2 = protocolOf(asked).split(":").includes("version=2");
  if (isVersion2 && service === "git-upload-pack") {
    await write(asked.response, (await capabilitiesOf(asked.directory)) ?? "");
    return;
  }
  const first = `# service=${service}\n`;
  const length = (first.length + 4).toString(16).padStart(4, "0");
  if (!isVersion2) await write(asked.response, `${length}${first}0000`);
  await run(asked, service, "--http-backend-info-refs");
}

/** What can be asked of a repository in version 2. It tells of no ref, so that git is asked once. */
const capabilitiesOf = askOnce((directory) => {
  const args = ["upload-pack", "--http-backend-info-refs", directory];
  return git(directory, args, { environment: { GIT_PROTOCOL: "version=2" } });
});

async function run(asked: SmartRequest, service: Service, mode: string): Promise<void> {
  const { input, request, response, directory } = asked;
  const child = spawn("git", [service.slice("git-".length), mode, directory], {
    env: { ...gitEnvironment, GIT_PROTOCOL: protocolOf(asked) },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const closed = new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
  send(input, child.stdin, request.headers["content-encoding"] === "gzip");
  response.once("close", () => child.kill());
  await Promise.all([closed, answer(child.stdout, response)]);
}

function protocolOf({ request }: SmartRequest): string {
  const header = request.headers["git-protocol"];
  return typeof header === "string" ? header : "";
}

/** A service may stop reading early: the rest is then thrown away, so that its answer can still be read. */
function send(body: Readable, input: Writable, isCompressed: boolean): void {
  const plain = isCompressed ? body.pipe(createGunzip()) : body;
  input.on("error", () => plain.resume());
  for (const stream of new Set([body, plain])) stream.on("error", () => input.destroy());
  plain.pipe(input);
}

async function answer(output: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  for await (const chunk of output) await write(response, chunk);
}

/** Waits while the client is slower than git. (A response that is not to be sent has no socket.) */
async function write(response: ServerResponse, chunk: Buffer | string): Promise<void> {
  const flowing = response.destroyed || response.write(chunk);
  if (flowing || response.socket === null) return;
  await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
}
