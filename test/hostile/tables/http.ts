import { gzipSync } from "node:zlib";
import { type Door, sign, webhooks } from "../support/door.ts";
import { table } from "../support/hostile-case.ts";

const megabyte = 1024 * 1024;
const push = JSON.stringify({ ref: "refs/heads/dev", repository: { id: 1 }, installation: { id: 1 } });
const bomb = gzipSync(Buffer.alloc(20 * megabyte));

const signed = (signature: string | string[] | undefined) => (door: Door) =>
  door.deliver(push, { headers: { "x-hub-signature-256": signature } });
const body = (bytes: string | Buffer) => (door: Door) => door.deliver(bytes);
const event = (name: string) => (door: Door) => door.deliver(push, { event: name });
const delivery = (id: string) => (door: Door) => door.deliver(push, { headers: { "x-github-delivery": id } });
const type = (contentType: string) => (door: Door) =>
  door.deliver(push, { headers: { "content-type": contentType } });
const raw =
  (headers: string, bytes = "") =>
  (door: Door) =>
    door.raw(`POST ${webhooks} HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${bytes}`);
const get = (path: string) => (door: Door) => door.get(path);

/** What somebody sends who has no secret, or (where the body is signed rightly) has got hold of something signed. */
export const httpTable = table<(door: Door) => Promise<number>>(
  "the queue, and deliveries that come afterwards",
  [
    ["no signature", signed(undefined), "401"],
    ["an empty signature", signed(""), "401"],
    ["a signature of another secret", signed(sign(push, "guess")), "401"],
    ["a signature of another body", signed(sign(`${push} `)), "401"],
    ["the signature's first half", signed(sign(push).slice(0, 40)), "401"],
    ["a signature of zeros", signed(`sha256=${"0".repeat(64)}`), "401"],
    ["a SHA-1 signature", signed(`sha1=${"0".repeat(40)}`), "401"],
    ["two signatures, one of them right", signed([sign("x"), sign(push)]), "401"],
    ["a signature of 10,000 letters", signed(`sha256=${"a".repeat(10_000)}`), "401"],
    ["JSON that is cut off", body('{"ref":"refs/heads/dev","repository":{"id":'), "400"],
    ["JSON that is a list", body("[]"), "400"],
    ["nothing at all", body(""), "400"],
    ["bytes that are no UTF-8", body(Buffer.from("7b22726566223a22fffe227d", "hex").subarray(0, 10)), "400"],
    ["an action that is an object", body('{"action":{"__proto__":{"x":1}}}'), "400"],
    [
      "20 MB of zeros in 20 KB, compressed",
      (door) => door.deliver(bomb, { headers: { "content-encoding": "gzip" } }),
      "400",
    ],
    ["a form instead of JSON", type("application/x-www-form-urlencoded"), "415"],
    ["a type that only begins like JSON", type("application/jsonp"), "415"],
    ["the event __proto__", event("__proto__"), "202"],
    ["the event constructor", event("constructor"), "202"],
    ["the event *, which means all of them inside", event("*"), "202"],
    ["an event of 10,000 letters", event("x".repeat(10_000)), "202"],
    ["an event of 20,000 letters", event("x".repeat(20_000)), "431"],
    ["a delivery whose id is a list of fields", delivery("rerun:alice:1"), "400"],
    ["a delivery whose id is markup", delivery("<script>alert(1)</script>"), "400"],
    ["a delivery whose id is a key of Redis", delivery("*\t$(id)"), "400"],
    ["a delivery whose id has 1,000 letters", delivery("a".repeat(1000)), "400"],
    [
      "300 MB, announced",
      (door) => door.stream(300 * megabyte, { "content-length": String(300 * megabyte) }),
      "413",
    ],
    [
      "300 MB, announced, and asked for first",
      (door) =>
        door.stream(300 * megabyte, { "content-length": String(300 * megabyte), expect: "100-continue" }),
      "413",
    ],
    [
      "300 MB that nobody announced, piece by piece",
      (door) => door.stream(300 * megabyte, { "transfer-encoding": "chunked" }),
      "413",
    ],
    ["two lengths of one body", raw("Content-Length: 4\r\nTransfer-Encoding: chunked", "0\r\n\r\n"), "400"],
    ["two lengths that differ", raw("Content-Length: 4\r\nContent-Length: 5"), "400"],
    ["a length below nothing", raw("Content-Length: -1"), "400"],
    ["a length in sixteens", raw("Content-Length: 0x10"), "400"],
    ["a chunk larger than any number", raw("Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFFFF\r\nx"), "400"],
    ["a header within a header", raw("X-GitHub-Event: push\n\tX-Hub-Signature-256: x\0"), "400"],
    ["a tunnel to Redis", (door) => door.raw("CONNECT 127.0.0.1:6379 HTTP/1.1\r\nHost: x\r\n\r\n"), "0"],
    [
      "a greeting of TLS",
      (door) => door.raw("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"),
      "400",
    ],
    ["a path that climbs out", get("/../../../../etc/passwd"), "404"],
    ["the same, encoded", get("/%2e%2e/%2e%2e/core/registry.json%00"), "404"],
    ["another server's address as the path", get("http://169.254.169.254/latest/meta-data/"), "404"],
    ["Probot's own page that sets a new key", get("/probot/import"), "404"],
    ["a path of 20,000 letters", get(`/${"x".repeat(20_000)}`), "431"],
  ],
);
