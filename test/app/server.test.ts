import { once } from "node:events";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { createWebServer, listen, stop } from "../../app/server.ts";
import { send } from "./support/http.ts";

const ok = createWebServer.bind(undefined, (_, response) => void response.end("ok"));

it("gives a request that trickles in up after a minute", () => {
  expect(ok()).toMatchObject({ requestTimeout: 60_000, headersTimeout: 60_000 });
});

it("says where it listens, on either kind of address", async () => {
  for (const [host, shown] of [
    ["127.0.0.1", "http://127.0.0.1:"],
    ["::1", "http://[::1]:"],
  ] as const) {
    const server = ok();
    const url = await listen(server, host, 0);
    expect(url.startsWith(shown)).toBe(true);
    expect((await send(url, {})).text).toBe("ok");
    await stop(server);
  }
});

it("names the port that somebody else has, and what to do", async () => {
  const first = ok();
  const port = Number(new URL(await listen(first, "127.0.0.1", 0)).port);
  const taken = listen(ok(), "127.0.0.1", port);
  await expect(taken).rejects.toMatchObject({ code: "port-taken", source: "service" });
  await expect(taken).rejects.toThrow(String(port));
  await stop(first);
});

it("answers what has come before it stops", async () => {
  const server = ok();
  server.removeAllListeners("request");
  const url = await listen(server, "127.0.0.1", 0);
  const answer = send(url, {});
  const [, response] = await once(server, "request");
  const stopped = stop(server);
  await expect(send(url, {})).rejects.toThrow("ECONNREFUSED");
  response.end("late");
  expect((await answer).text).toBe("late");
  await stopped;
});

it("is not held up by a connection on which nothing comes", async () => {
  const server = ok();
  const port = Number(new URL(await listen(server, "127.0.0.1", 0)).port);
  const connected = once(server, "connection");
  const silent = connect(port, "127.0.0.1");
  await connected;
  await stop(server, 100);
  await once(silent, "close");
});
