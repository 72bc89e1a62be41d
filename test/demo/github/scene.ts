import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { type LocalGitHubOptions, startLocalGitHub } from "../../../demo/github/local-github.ts";
import type { User } from "../../../demo/github/owner/accounts.ts";
import { writeFiles } from "./files.ts";
import { startReceiver } from "./receiver.ts";
import { workingCopy } from "./working-copy.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/** The App's key pair, in PEM. */
export const appKeys = { publicKey, privateKey };

/**
 * A GitHub with `acme/shop` (branches main, dev), an App installed on it, its webhook receiver, and people: alice
 * maintains, bob writes, carol reads, mallory has no role. `close` leaves nothing behind.
 */
export async function setScene(options: Partial<LocalGitHubOptions> = {}) {
  const directory = await mkdtemp(join(tmpdir(), "local-github-"));
  const github = await startLocalGitHub({ directory: join(directory, "repositories"), ...options });
  const receiver = await startReceiver("webhook secret");
  const [alice, bob, carol, mallory] = ["alice", "bob", "carol", "mallory"].map(github.createUser) as [
    User,
    User,
    User,
    User,
  ];
  const from = join(directory, "content");
  await writeFiles(from, { "README.md": "# shop\n" });
  const collaborators = { alice: "maintain", bob: "write", carol: "read" } as const;
  const repository = await github.createRepository("acme/shop", {
    from,
    branches: ["main", "dev"],
    collaborators,
  });
  const app = github.createApp({
    slug: "waymark",
    publicKey,
    webhookSecret: "webhook secret",
    webhookUrl: receiver.url,
    permissions: {
      checks: "write",
      contents: "write",
      deployments: "write",
      issues: "write",
      pull_requests: "write",
    },
    events: [
      "push",
      "create",
      "delete",
      "check_run",
      "check_suite",
      "pull_request",
      "deployment",
      "deployment_status",
    ],
  });
  const { installationId } = github.install(app, "acme", ["acme/shop"], "alice");
  await github.idle();
  receiver.received.splice(0);
  return {
    directory,
    github,
    receiver,
    users: { alice, bob, carol, mallory },
    repository,
    app,
    installationId,
    /** REST as a person. */
    as: (user: User) => new Octokit({ baseUrl: github.apiUrl, auth: user.token, log: quiet }),
    /** REST as the App, by JWT, or inside its installation. */
    appClient: () => new Octokit({ ...appAuth(github.apiUrl, app.id), log: quiet }),
    installationClient: (appId = app.id, installation = installationId) =>
      new Octokit({ ...appAuth(github.apiUrl, appId, installation), log: quiet }),
    clone: (token: string, name = "copy") => workingCopy(join(directory, name), repository.cloneUrl, token),
    close: async () => {
      await github.close();
      await receiver.close();
      await rm(directory, { recursive: true });
    },
  };
}

export type Scene = Awaited<ReturnType<typeof setScene>>;

/** The repository, as REST parameters. */
export const shop = { owner: "acme", repo: "shop" };

function appAuth(baseUrl: string, appId: number, installationId?: number) {
  const auth = { appId, privateKey, ...(installationId === undefined ? {} : { installationId }) };
  return { baseUrl, authStrategy: createAppAuth, auth };
}

/** Refusals are what many tests are about: they are not worth a line on the terminal. */
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };
function ignore(): void {}
