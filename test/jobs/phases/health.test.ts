import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { waitForHealth } from "../../../jobs/phases/health.ts";

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}/healthz`;
}

const never = new AbortController().signal;
const check = (url: string, rest: { status?: number; contains?: string; within?: number } = {}) =>
  waitForHealth({ url, status: 200, within: 1, ...rest }, never);

test("a URL that answers as declared is healthy", async () => {
  const url = await serve((_, response) => response.writeHead(204).end());
  await check(url, { status: 204 });
});

test("a service that needs a while is asked again", async () => {
  let asked = 0;
  const url = await serve((_, response) => {
    asked += 1;
    response.writeHead(asked < 3 ? 503 : 200).end("version 2");
  });
  await check(url, { contains: "version 2", within: 20 });
  expect(asked).toBe(3);
});

test("another status is unhealthy: the URL, the last answer and what to do are told", async () => {
  const url = await serve((_, response) => response.writeHead(500).end("secret stack trace"));
  await expect(check(url)).rejects.toMatchObject({
    code: "unhealthy",
    source: "user",
    message: `${url} was not healthy within 1 seconds: it answered with status 500 instead of 200.`,
    next: expect.stringContaining("log"),
  });
});

test("a body without the declared text is unhealthy, and is not shown", async () => {
  const url = await serve((_, response) => response.end("private"));
  const failure = await check(url, { contains: "version 2" }).catch((error: Error) => error.message);
  expect(failure).toContain('does not contain "version 2"');
  expect(failure).not.toContain("private");
});

test("a redirect is an answer, never followed", async () => {
  let elsewhere = 0;
  const target = await serve((_, response) => {
    elsewhere += 1;
    response.end();
  });
  const url = await serve((_, response) => response.writeHead(302, { location: target }).end());
  await expect(check(url)).rejects.toThrow(/status 302 instead of 200/);
  await check(url, { status: 302 });
  expect(elsewhere).toBe(0);
});

test("nobody listening and never answering are told apart", async () => {
  const url = await serve(() => undefined);
  await expect(check(url)).rejects.toThrow(/took too long/);
  servers[0]?.closeAllConnections();
  servers[0]?.close();
  await expect(check(url)).rejects.toThrow(/ECONNREFUSED/);
  servers.length = 0;
});

test("a body without end is read up to a limit", async () => {
  const url = await serve((_, response) => {
    const more = () => {
      while (response.write("x".repeat(65_536)));
    };
    response.on("drain", more);
    more();
  });
  await check(url, { within: 20 });
});

test("an abort ends the waiting at once, with its own reason", async () => {
  const url = await serve((_, response) => response.writeHead(500).end());
  const reason = new Error("stopped");
  const waiting = waitForHealth({ url, status: 200, within: 60 }, AbortSignal.abort(reason));
  await expect(waiting).rejects.toBe(reason);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

test("a port that takes connections is healthy, whatever it speaks", async () => {
  const { port } = new URL(await serve(() => undefined));
  await waitForHealth({ tcp: { host: "127.0.0.1", port: Number(port) }, within: 5 }, never);
});

test("a port that nobody listens on is unhealthy", async () => {
  const port = await freePort();
  await expect(waitForHealth({ tcp: { host: "127.0.0.1", port }, within: 1 }, never)).rejects.toMatchObject({
    code: "unhealthy",
    message: `port ${port} of 127.0.0.1 was not healthy within 1 seconds: it took no connection (ECONNREFUSED).`,
  });
});
