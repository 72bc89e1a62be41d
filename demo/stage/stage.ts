import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { type EmbeddedRedis, startEmbeddedRedis } from "../../service/redis.ts";
import { type LocalGitHub, startLocalGitHub } from "../github/local-github.ts";
import type { AppSettings, RegisteredApp } from "../github/owner/apps.ts";
import type { CreatedRepository } from "../github/owner/repositories.ts";
import { endLeftovers, rememberPids } from "./leftovers.ts";
import { createLook, type Look } from "./look.ts";
import { createPerson, type Person } from "./person.ts";
import { freePort } from "./port.ts";
import { type ServiceProcess, startService } from "./processes.ts";
import { type Ports, writeSeed } from "./shop-source.ts";

/** Everything the tour plays on: a GitHub, a repository, people, and Waymark's own processes. */
export interface Stage {
  readonly directory: string;
  readonly github: LocalGitHub;
  readonly app: RegisteredApp;
  readonly repository: CreatedRepository;
  readonly ports: Ports;
  readonly people: { readonly alice: Person; readonly bob: Person; readonly mallory: Person };
  readonly look: Look;
  readonly webUrl: string;
  /** Starts web and worker on the present Redis. */
  startWaymark(): Promise<void>;
  /** Ends both with -9. */
  killWaymark(): Promise<void>;
  /** Throws Redis and all its data away and starts an empty one. */
  wipeRedis(): Promise<void>;
  close(): Promise<void>;
}

/** How often the worker sweeps in the demo, in seconds. */
const sweepSeconds = 5;

export async function createStage(directory: string): Promise<Stage> {
  await endLeftovers(directory);
  const github = await startLocalGitHub({ directory: path.join(directory, "github") });
  const source = path.join(directory, "seed");
  const ports = await writeSeed(source);
  const users = {
    alice: github.createUser("alice"),
    bob: github.createUser("bob"),
    mallory: github.createUser("mallory"),
  };
  const repository = await github.createRepository("acme/shop", {
    from: source,
    branches: ["dev", "main", "prod"],
    collaborators: { alice: "maintain", bob: "write", mallory: "write" },
  });
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const secret = randomBytes(24).toString("hex");
  const webPort = await freePort();
  const webUrl = `http://127.0.0.1:${webPort}`;
  const webhookUrl = `${webUrl}/api/github/webhooks`;
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const app = github.createApp({
    slug: "waymark",
    publicKey: pem,
    webhookSecret: secret,
    webhookUrl,
    ...(await readManifest()),
  });
  const person = (user: (typeof users)["alice"]): Promise<Person> =>
    createPerson(user, {
      url: repository.cloneUrl,
      directory: path.join(directory, "clones", user.login),
      apiUrl: github.apiUrl,
    });
  const people = {
    alice: await person(users.alice),
    bob: await person(users.bob),
    mallory: await person(users.mallory),
  };
  const environment = {
    APP_ID: String(app.id),
    PRIVATE_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    WEBHOOK_SECRET: secret,
    PORT: String(webPort),
    WAYMARK_GITHUB_API_URL: github.apiUrl,
    WAYMARK_HOME: path.join(directory, "home"),
    WAYMARK_SWEEP_SECONDS: String(sweepSeconds),
  };
  const waymark = createWaymark(directory, environment);
  const look = createLook(repository.cloneUrl, people.alice);
  return {
    directory,
    github,
    app,
    repository,
    ports,
    people,
    look,
    webUrl,
    ...waymark,
    close: async () => {
      await waymark.close();
      await github.close();
    },
  };
}

/** Web, worker and Redis, which come and go together. */
function createWaymark(directory: string, environment: Readonly<Record<string, string>>) {
  const redisDirectory = path.join(directory, "redis");
  let redis: EmbeddedRedis | undefined;
  let processes: readonly ServiceProcess[] = [];
  const ensureRedis = async (): Promise<string> => {
    redis ??= await startEmbeddedRedis(redisDirectory, process.env.PATH ?? "");
    return redis.url;
  };
  return {
    startWaymark: async () => {
      const all = { ...environment, WAYMARK_REDIS_URL: await ensureRedis() };
      const logs = path.join(directory, "logs");
      const names = ["web", "worker"] as const;
      processes = await Promise.all(names.map((name) => startService({ name, logs, environment: all })));
      await rememberPids(
        directory,
        processes.map(({ pid }) => pid),
      );
    },
    killWaymark: async () => {
      await Promise.all(processes.map((one) => one.kill()));
      processes = [];
    },
    wipeRedis: async () => {
      await redis?.close();
      redis = undefined;
      await rm(redisDirectory, { recursive: true, force: true });
    },
    close: async () => {
      await Promise.all(processes.map((one) => one.stop()));
      processes = [];
      await redis?.close();
    },
  };
}

const manifest = z.object({
  default_permissions: z.record(z.string(), z.enum(["read", "write"])),
  default_events: z.array(z.string()),
});

/** The App asks the local GitHub for just what app.yml asks the real one for. */
async function readManifest(): Promise<Pick<AppSettings, "permissions" | "events">> {
  const file = path.resolve(import.meta.dirname, "../../app.yml");
  const { default_permissions, default_events } = manifest.parse(parse(await readFile(file, "utf8")));
  return { permissions: default_permissions, events: default_events } as Pick<
    AppSettings,
    "permissions" | "events"
  >;
}

/** The admin's file that the core stack is made from. */
export async function writeCoreConfig(stage: Pick<Stage, "directory" | "repository">): Promise<string> {
  const file = path.join(stage.directory, "core.json");
  const { id, fullName } = stage.repository;
  const home = path.join(stage.directory, "home");
  await writeFile(file, JSON.stringify({ version: 1, home, repositories: [{ id, fullName }] }));
  return file;
}
