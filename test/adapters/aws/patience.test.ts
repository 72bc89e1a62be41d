import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { assumeRole } from "../../../adapters/aws/assume-role.ts";
import { openObjectStore } from "../../../adapters/aws/object-store.ts";
import type { Patience } from "../../../adapters/aws/patience.ts";
import type { SessionOwner } from "../../../adapters/aws/session-request.ts";
import { s3Source } from "../../../adapters/registry/sources/s3.ts";
import { ssmSource } from "../../../adapters/registry/sources/ssm.ts";
import { freshDirectory } from "../../support/directory.ts";

interface SilentServer extends AsyncDisposable {
  readonly url: string;
  /** How often somebody has asked. */
  asked(): number;
}

/** Accepts every connection, reads what is asked, and never answers. */
async function silentServer(): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined).resume());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => sockets.size,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const hasty: Patience = { connectionTimeout: 1_000, socketTimeout: 20 };

const region = "eu-central-1";
const place = { type: "s3", bucket: "shop", prefix: "acme/shop", region, kmsKeyId: "key" } as const;
const keys = { accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken: "token", expiresAt: 0, region };
const owner: SessionOwner = {
  binding: { environment: "dev", backend: place, artifacts: place },
  access: {
    account: "123456789012",
    planRole: "arn:aws:iam::123456789012:role/plan",
    applyRole: "arn:aws:iam::123456789012:role/apply",
    externalId: "external",
    sourceIdentity: "waymark",
    region,
  },
  repository: "acme/shop",
  deployment: "1",
};

let server: SilentServer;
beforeEach(async () => {
  server = await silentServer();
  const variables = {
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: "AKIA",
    AWS_SECRET_ACCESS_KEY: "secret",
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  vi.stubEnv("AWS_MAX_ATTEMPTS", undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server[Symbol.asyncDispose]();
});

/** Each use of AWS, and by what it is known that nobody answered. */
const uses: Readonly<Record<string, readonly [string, () => Promise<unknown>]>> = {
  "a role": ["sts-unreachable", () => assumeRole(owner, "apply", 60, undefined, hasty)],
  "an object to be written": [
    "store-unreachable",
    async () => (await openObjectStore(place, keys, hasty)).put("manifest.json", Buffer.from("{}")),
  ],
  "an object to be read": [
    "store-unreachable",
    async () => (await openObjectStore(place, keys, hasty)).read("manifest.json"),
  ],
  "a registry in S3": [
    "registry-unreachable",
    () => s3Source({ bucket: "core", key: "registry.json" }, hasty).read(),
  ],
  "a registry in SSM": ["registry-unreachable", () => ssmSource("/waymark/registry", hasty).read()],
};

test.each(Object.entries(uses))("%s is not waited for without end", async (_, [code, use]) => {
  await expect(use()).rejects.toMatchObject({ code, class: "transient" });
  expect(server.asked()).toBe(3);
});

test("nor is the worker's own identity, where it has to ask for that", async () => {
  const token = join(await freshDirectory(), "token");
  await writeFile(token, "signed");
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_WEB_IDENTITY_TOKEN_FILE", token);
  vi.stubEnv("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/waymark");
  const role = assumeRole(owner, "apply", 60, undefined, hasty);
  await expect(role).rejects.toMatchObject({ code: "sts-unreachable" });
});
