import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type Config, readConfig } from "../../../adapters/config/config.ts";
import { configuredSigner } from "../../../adapters/config/signer.ts";
import { WaymarkError } from "../../../promotion/failure.ts";
import { freshDirectory } from "../../support/directory.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const ed25519 = generateKeyPairSync("ed25519").privateKey;
const pkcs8 = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString();
const pem = pkcs8(rsa);
/** The form in which GitHub hands a key out. */
const pkcs1 = rsa.export({ type: "pkcs1", format: "pem" }).toString();

const credentials = { APP_ID: "12", PRIVATE_KEY: pem, WEBHOOK_SECRET: "a secret" };

/** The one message that names all mistakes. */
const mistakesOf = (environment: Record<string, string>): string => refusalOf(environment).message;

function refusalOf(environment: Record<string, string>): WaymarkError {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof WaymarkError && error.code === "configuration-invalid") return error;
    throw error;
  }
  throw new Error("no mistake was found");
}

describe("defaults", () => {
  it("are those of a first start on one machine", () => {
    expect(readConfig({})).toEqual({
      app: undefined,
      host: "127.0.0.1",
      port: 3000,
      logLevel: "info",
      redisUrl: undefined,
      home: path.resolve(".waymark"),
      registry: path.resolve(".waymark/core/registry.json"),
      terraform: undefined,
      providerMirror: undefined,
      concurrency: 4,
      sweepSeconds: 300,
      limits: { cacheBytes: 2_147_483_648, bundles: 50 },
      signingKey: undefined,
      trustedKeys: "",
      sandbox: "auto",
    } satisfies Config);
  });

  it("stand in for what is empty, as in an env file with nothing behind the sign", () => {
    const names = "APP_ID PRIVATE_KEY PRIVATE_KEY_PATH WEBHOOK_SECRET HOST PORT LOG_LEVEL WAYMARK_HOME".split(
      " ",
    );
    const own =
      "GITHUB_API_URL REDIS_URL REGISTRY TERRAFORM PROVIDER_MIRROR CONCURRENCY SWEEP_SECONDS CACHE_BYTES BUNDLES SIGNING_KEY TRUSTED_KEYS SANDBOX";
    const all = [...names, ...own.split(" ").map((name) => `WAYMARK_${name}`)];
    expect(readConfig(Object.fromEntries(all.map((name) => [name, ""])))).toEqual(readConfig({}));
  });

  it("keep the registry in the home that was named", () => {
    const config = readConfig({ WAYMARK_HOME: "/srv/waymark/" });
    expect([config.home, config.registry]).toEqual(["/srv/waymark", "/srv/waymark/core/registry.json"]);
  });
});

it("takes everything that can be set", () => {
  const signingKey = pkcs8(ed25519);
  expect(
    readConfig({
      ...credentials,
      HOST: "0.0.0.0",
      PORT: "0",
      LOG_LEVEL: "debug",
      WAYMARK_GITHUB_API_URL: "http://127.0.0.1:1234/api/v3/",
      WAYMARK_REDIS_URL: "rediss://user:word@redis.example:6380/2",
      WAYMARK_HOME: "/srv/a",
      WAYMARK_REGISTRY: "/etc/registry.json",
      WAYMARK_TERRAFORM: "/opt/terraform",
      WAYMARK_PROVIDER_MIRROR: "https://mirror.example/providers/",
      WAYMARK_CONCURRENCY: "1",
      WAYMARK_SWEEP_SECONDS: "86400",
      WAYMARK_CACHE_BYTES: "0",
      WAYMARK_BUNDLES: "3",
      WAYMARK_SIGNING_KEY: signingKey,
      WAYMARK_SANDBOX: "required",
    }),
  ).toEqual({
    app: {
      appId: "12",
      privateKey: pem,
      webhookSecret: "a secret",
      apiUrl: "http://127.0.0.1:1234/api/v3",
    },
    host: "0.0.0.0",
    port: 0,
    logLevel: "debug",
    redisUrl: "rediss://user:word@redis.example:6380/2",
    home: "/srv/a",
    registry: "/etc/registry.json",
    terraform: "/opt/terraform",
    providerMirror: "https://mirror.example/providers/",
    concurrency: 1,
    sweepSeconds: 86_400,
    limits: { cacheBytes: 0, bundles: 3 },
    signingKey,
    trustedKeys: "",
    sandbox: "required",
  } satisfies Config);
});

describe("the App's key", () => {
  it.each([
    ["PEM", pem],
    ["PEM as GitHub makes it", pkcs1],
    ["PEM with \\n for line breaks", pem.replaceAll("\n", "\\n")],
    ["PEM in base64", Buffer.from(pem).toString("base64")],
    ["escaped PEM in base64", Buffer.from(pem.replaceAll("\n", "\\n")).toString("base64")],
  ])("may be %s, in a variable or in a file", async (_, text) => {
    const file = path.join(await freshDirectory(), "key.pem");
    await writeFile(file, text);
    const byText = readConfig({ ...credentials, PRIVATE_KEY: text });
    const byFile = readConfig({ ...credentials, PRIVATE_KEY: "", PRIVATE_KEY_PATH: file });
    for (const { app } of [byText, byFile]) expect([pem, pkcs1]).toContain(app?.privateKey);
  });

  it("in a variable goes before one in a file", () => {
    const config = readConfig({ ...credentials, PRIVATE_KEY_PATH: "/nowhere/key.pem" });
    expect(config.app?.privateKey).toBe(pem);
  });

  it.each([
    ["no key", "hunter2 hunter2 hunter2"],
    ["half a key", pem.slice(0, pem.length / 2)],
    ["a public key", createPublicKey(rsa).export({ type: "spki", format: "pem" }).toString()],
    ["a key that GitHub does not make", pkcs8(ed25519)],
  ])("is refused when it is %s, without being told", async (_, text) => {
    const file = path.join(await freshDirectory(), "key.pem");
    await writeFile(file, text);
    const byText = mistakesOf({ ...credentials, PRIVATE_KEY: text });
    const byFile = mistakesOf({ ...credentials, PRIVATE_KEY: "", PRIVATE_KEY_PATH: file });
    expect(byText).toMatch(/a mistake: PRIVATE_KEY holds no RSA private key/);
    expect(byFile).toMatch(/a mistake: PRIVATE_KEY_PATH holds no RSA private key/);
    for (const line of text.split("\n")) if (line !== "") expect(byText + byFile).not.toContain(line);
  });

  it("in a file that is not there is a mistake; a key given as the file's name is not told", () => {
    const withPath = (file: string) =>
      mistakesOf({ ...credentials, PRIVATE_KEY: "", PRIVATE_KEY_PATH: file });
    expect(withPath("/nowhere/key.pem")).toContain("PRIVATE_KEY_PATH names a file that can't be read");
    expect(withPath(pem)).not.toContain("BEGIN");
  });
});

describe("mistakes", () => {
  it.each([
    [{ APP_ID: "12" }, ["PRIVATE_KEY or PRIVATE_KEY_PATH is missing", "WEBHOOK_SECRET is missing"]],
    [{ PRIVATE_KEY: pem }, ["APP_ID is missing", "WEBHOOK_SECRET is missing"]],
    [{ WEBHOOK_SECRET: "x" }, ["APP_ID is missing", "PRIVATE_KEY or PRIVATE_KEY_PATH is missing"]],
    [{ APP_ID: "12", PRIVATE_KEY: pem }, ["WEBHOOK_SECRET is missing"]],
  ])("name the credentials that somebody forgot: %#", (environment, missing) => {
    const message = mistakesOf(environment);
    for (const part of missing) expect(message).toContain(part);
    expect(message.match(/is missing/g)).toHaveLength(missing.length);
  });

  it.each([
    ["APP_ID", ["0", "-1", "1.5", "Iv1.abc", "12 ", "9".repeat(20)]],
    ["PORT", ["-1", "65536", "http", "80a", "1e3", " 80", "0x50"]],
    ["LOG_LEVEL", ["verbose", "INFO", "__proto__"]],
    ["WAYMARK_GITHUB_API_URL", ["api.github.com", "ftp://x", "file:///etc/passwd", "//x"]],
    ["WAYMARK_REDIS_URL", ["localhost:6379", "http://x", "unix:///run/redis.sock"]],
    ["WAYMARK_PROVIDER_MIRROR", ["http://mirror.example/", "https://user:word@mirror.example/"]],
    ["WAYMARK_CONCURRENCY", ["0", "101", "many"]],
    ["WAYMARK_SWEEP_SECONDS", ["0", "86401", "5m"]],
    ["WAYMARK_SIGNING_KEY", ["x", pem, pkcs8(ed25519).slice(0, 60)]],
    ["WAYMARK_TRUSTED_KEYS", ["ssh-rsa AAAA", "ssh-ed25519 AAAA", "x"]],
    ["WAYMARK_SANDBOX", ["yes", "none", "Auto"]],
  ])("in %s are named", (name, values) => {
    for (const value of values) {
      expect(mistakesOf({ ...credentials, [name]: value })).toMatch(new RegExp(`a mistake: ${name} `));
    }
  });

  it("are all in one message, with what to do, and without the values", () => {
    const environment = {
      ...credentials,
      APP_ID: "hunter2",
      PRIVATE_KEY: "hunter2",
      PORT: "hunter2",
      LOG_LEVEL: "hunter2",
      WAYMARK_GITHUB_API_URL: "hunter2",
      WAYMARK_REDIS_URL: "hunter2",
      WAYMARK_CONCURRENCY: "hunter2",
      WAYMARK_SWEEP_SECONDS: "hunter2",
      WAYMARK_SIGNING_KEY: "hunter2",
      WAYMARK_TRUSTED_KEYS: "hunter2",
      WAYMARK_SANDBOX: "hunter2",
    };
    const message = mistakesOf(environment);
    for (const [name, value] of Object.entries(environment)) {
      if (value === "hunter2") expect(message).toContain(`${name} `);
    }
    expect(message).not.toContain("hunter2");
    expect(refusalOf(environment)).toMatchObject({
      source: "service",
      next: expect.stringContaining("environment variables"),
    });
  });
});

describe("the signer", () => {
  const app = { appId: "12", privateKey: pem, webhookSecret: "x", apiUrl: "https://api.github.com" };

  it("signs with the key that is named, in any form, else with one derived from the App's", () => {
    const named = readConfig({ WAYMARK_SIGNING_KEY: pkcs8(ed25519).replaceAll("\n", "\\n") });
    const again = readConfig({ WAYMARK_SIGNING_KEY: pkcs8(ed25519) });
    const fingerprint = (config: Config) => configuredSigner(config, app).key.fingerprint;
    expect(fingerprint(named)).toBe(fingerprint(again));
    expect(fingerprint(readConfig({}))).not.toBe(fingerprint(named));
    expect(fingerprint(readConfig({}))).toBe(
      configuredSigner(readConfig({}), { ...app, privateKey: pkcs1 }).key.fingerprint,
    );
  });
});
