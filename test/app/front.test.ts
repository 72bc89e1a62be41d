import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedRedis, startEmbeddedRedis } from "../../service/redis.ts";
import { freshDirectory } from "../support/directory.ts";
import { deliver, deliveryHeaders, send, sign } from "./support/http.ts";
import { startTestWeb } from "./support/web.ts";

const megabyte = 1024 * 1024;
const limit = 25 * megabyte;
const webhooks = "/api/github/webhooks";

let redis: EmbeddedRedis;
let web: Awaited<ReturnType<typeof startTestWeb>>;

beforeAll(async () => {
  redis = await startEmbeddedRedis(path.join(await freshDirectory(), "redis"), process.env.PATH ?? "");
  web = await startTestWeb({ redisUrl: redis.url });
});

afterAll(async () => {
  await web.close();
  await redis.close();
});

describe("signature", () => {
  it("accepts a delivery that is signed with the secret", async () => {
    expect(await deliver(web.url, "{}")).toMatchObject({ status: 200 });
  });

  it.each([
    ["a missing one", undefined],
    ["an empty one", ""],
    ["one of another secret", sign("{}", "another secret")],
    ["one of another body", sign("{ }")],
    ["one without its prefix", sign("{}").slice("sha256=".length)],
    ["a shortened one", sign("{}").slice(0, -1)],
    ["one with more behind it", `${sign("{}")}00`],
    ["one that is no hexadecimal number", `sha256=${"zz".repeat(32)}`],
    ["a SHA-1 one", "sha1=0000000000000000000000000000000000000000"],
    ["two, the second right", ["sha256=00", sign("{}")]],
  ])("refuses %s", async (_, signature) => {
    const answer = await deliver(web.url, "{}", { headers: { "x-hub-signature-256": signature } });
    expect(answer.status).toBe(401);
  });

  it("refuses the old SHA-1 header alone", async () => {
    const headers = { "x-hub-signature-256": undefined, "x-hub-signature": `sha1=${"00".repeat(20)}` };
    expect((await deliver(web.url, "{}", { headers })).status).toBe(401);
  });

  it("is looked at before the event's name, so that nobody learns which events are heard", async () => {
    const headers = { "x-hub-signature-256": undefined };
    expect((await deliver(web.url, "{}", { event: "ping", headers })).status).toBe(401);
  });

  it("covers the very bytes: what only reads the same once decoded is refused", async () => {
    const sent = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    const headers = { "x-hub-signature-256": sign(sent.toString("utf8")) };
    expect((await deliver(web.url, sent, { headers })).status).toBe(401);
  });
});

describe("body", () => {
  it.each([
    ["cut JSON", '{"ref":'],
    ["no JSON", "ref=refs/heads/main"],
    ["nothing", ""],
    ["null", "null"],
    ["a number", "5"],
    ["a text", '"push"'],
    ["a truth value", "true"],
    ["a list", "[]"],
    ["an action that is no text", '{"action":{"toString":1}}'],
    ["JSON behind a byte order mark", '\uFEFF{"ref":"refs/heads/main"}'],
    ["invalid UTF-8", Buffer.concat([Buffer.from('{"ref":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])],
    ["UTF-16", Buffer.from('{"ref":"refs/heads/main"}', "utf16le")],
  ])("that holds %s is a bad request, though rightly signed", async (_, body) => {
    expect((await deliver(web.url, body)).status).toBe(400);
  });

  it("of a shape that no push has is nobody's order", async () => {
    for (const payload of [
      {},
      { action: "__proto__" },
      { repository: null, installation: null },
      { repository: { id: "1" }, installation: { id: -1 }, ref: 5 },
      { installation: { id: 2 }, repository: { id: 1 }, ref: [], before: {}, after: null, sender: "ada" },
    ]) {
      expect(await deliver(web.url, JSON.stringify(payload))).toMatchObject({ status: 200 });
    }
    expect(await deliver(web.url, '{"__proto__":{"ref":"x"},"constructor":1}')).toMatchObject({
      status: 200,
    });
  });

  it("of some thousand levels is taken or refused, but breaks nothing", async () => {
    const deep = `{"ref":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    expect((await deliver(web.url, deep)).status).toBeLessThan(500);
  });

  it("that is announced as too large is refused before it comes", async () => {
    const headers = { ...deliveryHeaders(""), "content-length": String(limit + 1) };
    const answer = await send(web.url, { method: "POST", path: webhooks, headers }, (outgoing) =>
      outgoing.flushHeaders(),
    );
    expect(answer).toMatchObject({ status: 413, headers: { connection: "close" } });
  });

  it("that turns out too large on the way is refused, and its connection ends", async () => {
    const answer = await send(
      web.url,
      { method: "POST", path: webhooks, headers: deliveryHeaders("") },
      (outgoing) => {
        for (let sent = 0; sent < limit; sent += megabyte) outgoing.write(Buffer.alloc(megabyte, " "));
        outgoing.write("x");
      },
    );
    expect(answer).toMatchObject({ status: 413, headers: { connection: "close" } });
  });

  it("of exactly the largest size is taken", async () => {
    const body = Buffer.alloc(limit, " ");
    expect(await deliver(web.url, body, { event: "ping" })).toMatchObject({ status: 202 });
  });

  it("that is given up half-way leaves the server working", async () => {
    const headers = { ...deliveryHeaders("{}"), "content-length": "100" };
    const sent = send(web.url, { method: "POST", path: webhooks, headers }, (outgoing) => {
      outgoing.write("{", () => outgoing.destroy());
    });
    await expect(sent).rejects.toThrow();
    expect((await send(`${web.url}/healthz`, {})).status).toBe(200);
  });
});

describe("headers", () => {
  it.each([
    "ping",
    "issues",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "error",
    "*",
    "push.created",
    "PUSH",
    "x".repeat(10_000),
    "push, push",
    " ",
    "päsh",
  ])("of the event %.20s are answered and ignored", async (event) => {
    expect(await deliver(web.url, "{}", { event })).toMatchObject({ status: 202 });
  });

  it("without an event are answered and ignored", async () => {
    expect((await deliver(web.url, "{}", { headers: { "x-github-event": undefined } })).status).toBe(202);
  });

  it("that name the event twice are answered and ignored", async () => {
    const headers = { "x-github-event": ["push", "push"] };
    expect((await deliver(web.url, "{}", { headers })).status).toBe(202);
  });

  it("without a delivery are a bad request", async () => {
    expect((await deliver(web.url, "{}", { headers: { "x-github-delivery": undefined } })).status).toBe(400);
  });

  it.each([undefined, "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "é"])(
    "of the content type %s are refused",
    async (type) => {
      expect((await deliver(web.url, "{}", { headers: { "content-type": type } })).status).toBe(415);
    },
  );

  it("may say how the JSON is encoded", async () => {
    const headers = { "content-type": "application/json; charset=utf-8" };
    expect((await deliver(web.url, "{}", { headers })).status).toBe(200);
  });

  it("larger than Node takes are refused", async () => {
    const headers = { "x-odd": "x".repeat(20_000) };
    expect((await deliver(web.url, "{}", { headers })).status).toBe(431);
  });
});

describe("addresses", () => {
  it("GitHub may deliver to the root, too: Probot's set-up page registers the App so", async () => {
    const options = { method: "POST", path: "/", headers: deliveryHeaders("{}") };
    expect(await send(web.url, options, (outgoing) => outgoing.end("{}"))).toMatchObject({ status: 200 });
  });

  it("a query behind the webhook's address changes nothing", async () => {
    const options = { method: "POST", path: `${webhooks}?a=b`, headers: deliveryHeaders("{}") };
    expect(await send(web.url, options, (outgoing) => outgoing.end("{}"))).toMatchObject({ status: 200 });
  });

  it.each([
    ["GET", "/"],
    ["GET", webhooks],
    ["GET", "/probot"],
    ["GET", "/probot/import"],
    ["GET", "/__proto__"],
    ["GET", "/../../etc/passwd"],
    ["GET", "//healthz"],
    ["GET", "http://%"],
    ["POST", "/healthz"],
    ["POST", "/probot/import"],
    ["POST", `${webhooks}/x`],
    ["PUT", webhooks],
    ["DELETE", "/"],
    ["OPTIONS", "*"],
  ])("%s %s is not found", async (method, requestPath) => {
    expect((await send(web.url, { method, path: requestPath })).status).toBe(404);
  });

  it("says that it lives, that it is ready, and with which key records are signed", async () => {
    expect(await send(`${web.url}/healthz`, {})).toMatchObject({ status: 200, text: "ok\n" });
    expect(await send(`${web.url}/readyz`, {})).toMatchObject({ status: 200, text: "ready\n" });
    const signers = await send(`${web.url}/signers`, {});
    expect(signers.status).toBe(200);
    expect(signers.text).toMatch(/^\S+@\S+ namespaces="git" ssh-ed25519 AAAA\S+\n$/);
  });
});
