import { generateKeyPairSync } from "node:crypto";
import path from "node:path";
import { createAppAuth } from "@octokit/auth-app";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import type { Redis } from "ioredis";
import type { AppCredentials, GitHubClient } from "../../adapters/github/client.ts";
import { createLogger } from "../../adapters/log/logger.ts";
import { connectForCommands } from "../../adapters/redis/connect.ts";
import { deriveSigningKey } from "../../adapters/signing/keys.ts";
import { createSigner, type Signer } from "../../adapters/signing/signer.ts";
import { type LocalGitHub, startLocalGitHub } from "../../demo/github/local-github.ts";
import type { RegisteredApp } from "../../demo/github/owner/apps.ts";
import { type EmbeddedRedis, startEmbeddedRedis } from "../../service/redis.ts";
import { startReceiver } from "../demo/github/receiver.ts";
import { freshDirectory } from "./directory.ts";

const secret = "webhook secret";
const { publicKey, privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/** Says nothing: what a worker logs is not what these tests are about. */
export const silentLog = createLogger({ level: "silent", redact: (text) => text });

/** Alice maintains every repository; bob and mallory may only write. */
export const logins = ["alice", "bob", "mallory"] as const;
export type Login = (typeof logins)[number];

/** What the tests of one file share: a GitHub, a Redis, people, and Waymark registered as an App. */
export interface World {
  readonly github: LocalGitHub;
  readonly app: RegisteredApp;
  readonly credentials: AppCredentials;
  readonly signer: Signer;
  readonly redis: EmbeddedRedis;
  readonly commands: Redis;
  /** Where the App's webhooks arrive. Nobody acts on them: they are in GitHub's log all the same. */
  readonly receiver: Awaited<ReturnType<typeof startReceiver>>;
  /** Signed in as the App. */
  readonly appClient: GitHubClient;
  /** REST as a person. */
  readonly as: Readonly<Record<Login, Octokit>>;
  installationClient(installationId: number): GitHubClient;
  /** Another App, with the same key, that may write check runs; signed in as its installation on a repository. */
  otherApp(slug: string, repository: string): GitHubClient;
  close(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const directory = await freshDirectory();
  const redis = await startEmbeddedRedis(path.join(directory, "redis"), process.env.PATH ?? "");
  const commands = connectForCommands(redis.url);
  const receiver = await startReceiver(secret);
  const github = await startLocalGitHub({ directory: path.join(directory, "github"), rateLimit: 100_000 });
  const app = registerApp(github, "waymark", receiver.url);
  const credentials = { appId: String(app.id), privateKey, apiUrl: github.apiUrl };
  return {
    github,
    app,
    credentials,
    signer: createSigner(deriveSigningKey(privateKey)),
    redis,
    commands,
    receiver,
    appClient: unhurriedClient(github.apiUrl, { appId: app.id, privateKey }),
    as: createPeople(github),
    installationClient: (installationId) =>
      unhurriedClient(github.apiUrl, { appId: app.id, privateKey, installationId }),
    otherApp: (slug, repository) => {
      const other = registerApp(github, slug, receiver.url);
      const { installationId } = github.install(other, "acme", [repository], "alice");
      return unhurriedClient(github.apiUrl, { appId: other.id, privateKey, installationId });
    },
    close: async () => {
      await github.close();
      await receiver.close();
      commands.disconnect();
      await redis.close();
    },
  };
}

function registerApp(github: LocalGitHub, slug: string, webhookUrl: string): RegisteredApp {
  return github.createApp({
    slug,
    publicKey,
    webhookSecret: secret,
    webhookUrl,
    permissions: {
      checks: "write",
      contents: "write",
      deployments: "write",
      metadata: "read",
      workflows: "write",
    },
    events: ["push", "check_run", "check_suite"],
  });
}

function createPeople(github: LocalGitHub): Record<Login, Octokit> {
  const [alice, bob, mallory] = logins.map((login) => {
    const { token } = github.createUser(login);
    return new Octokit({ baseUrl: github.apiUrl, auth: token, log: quiet });
  }) as [Octokit, Octokit, Octokit];
  return { alice, bob, mallory };
}

const Client = Octokit.plugin(retry, throttling);

/** The worker's own client, but for its politeness: one write a second would make these tests take minutes. */
function unhurriedClient(baseUrl: string, auth: object): GitHubClient {
  return new Client({
    authStrategy: createAppAuth,
    auth,
    baseUrl,
    throttle: { enabled: false },
    retry: { retryAfterBaseValue: 5 },
    log: quiet,
  });
}

const ignore = (): void => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };
