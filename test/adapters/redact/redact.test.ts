import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRedactor } from "../../../adapters/redact/redact.ts";

const secret = 'p@ss/w+rd "quoted"?';
const redact = createRedactor([secret]);

test.each([
  ["as it is", secret],
  ["in a URL", encodeURIComponent(secret)],
  ["in JSON", JSON.stringify(secret).slice(1, -1)],
  ["in base64", Buffer.from(secret).toString("base64")],
  ["in base64url", Buffer.from(secret).toString("base64url")],
])("a secret is masked %s", (_, spelled) => {
  expect(redact(`before ${spelled} after`)).toMatch(/^before \*\*\*.{0,4} after$/);
});

test("a secret is masked inside base64 of something longer, wherever it begins", () => {
  for (const prefix of ["", "x", "xy", "xyz", "x-access-token:"]) {
    const header = Buffer.from(`${prefix}${secret}`).toString("base64");
    expect(redact(header)).toContain("***");
    expect(Buffer.from(redact(header).replace("***", ""), "base64").toString()).not.toContain("p@ss");
  }
});

test("a key of many lines is masked as a whole, line by line, and in JSON", () => {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const [, line = ""] = privateKey.split("\n");
  const known = createRedactor([privateKey]);
  expect(known(privateKey)).not.toContain(line);
  expect(known(`oops: ${line}`)).toBe("oops: ***");
  expect(known(JSON.stringify({ key: privateKey }))).not.toContain(line);
  expect(createRedactor([])(`a ${privateKey} b`)).not.toContain(line);
  expect(JSON.parse(createRedactor([])(JSON.stringify({ key: privateKey, next: 1 })))).toMatchObject({
    next: 1,
  });
});

test.each([
  `ghs_${"a".repeat(36)}`,
  `ghp_${"A1".repeat(18)}`,
  `github_pat_${"a".repeat(60)}`,
  "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMjMifQ.c2lnbmF0dXJl",
  "AKIAIOSFODNN7EXAMPLE",
])("a token known by its shape is masked: %s", (token) => {
  expect(createRedactor([])(`token=${token}.`)).toBe("token=***.");
});

test("a password in a URL is masked, its user is not", () => {
  expect(createRedactor([])("https://user:hunter2@example.com/x")).toBe("https://user:***@example.com/x");
});

test("an ordinary text stays as it is, also with short or no secrets", () => {
  const text = 'plan: 3 to add (aws_s3_bucket.logs["a/b"]), see https://example.com/a:b';
  expect(createRedactor(["", "to", "add"])(text)).toBe(text);
  expect(createRedactor([])(text)).toBe(text);
});

test("no secret of any characters survives, in any surroundings", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8 }), fc.string(), fc.string(), (any, before, after) => {
      fc.pre(any.trim().length >= 8 && !/[\r\n]|^-----/.test(any));
      expect(createRedactor([any])(before + any + after)).not.toContain(any);
    }),
  );
});
