import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import type { DeploymentTools } from "../../../../jobs/phases/deployment.ts";
import { type Installation, install } from "../../../infra-core/aws/support/installation.ts";
import { freshDirectory } from "../../../support/directory.ts";
import { type Moto, startMoto } from "../../../support/moto.ts";
import { makeTools, makeWorld, type Wish, type World } from "./world.ts";

/** Of the test file that called `useAws()`: a moto that asks the core stack's policies, and a worker of its service. */
export let moto: Moto;
export let installation: Installation;
export let tools: DeploymentTools;

export function useAws(): void {
  beforeAll(async () => {
    moto = await startMoto();
    installation = await install(moto);
    const made = await makeTools();
    tools = { ...made, variables: { ...made.variables, ...installation.service } };
    await moto.authorize(true);
  });
  afterAll(() => moto.close());
  beforeEach(() => {
    for (const [name, value] of Object.entries(installation.service)) vi.stubEnv(name, value);
  });
  afterEach(() => void vi.unstubAllEnvs());
}

/** A script that says that it has begun, and waits to be let go on; in the working directory of its stack. */
export const waitingScript = "touch begun; until [ -e go ]; do sleep 0.05; done";

/** A file in the only try of an attempt, once it is there. */
export async function fileIn(world: World, attemptId: string, file: string): Promise<string> {
  const { runDirectory } = world.input({ attemptId });
  const find = async () => {
    const [name = ""] = await readdir(runDirectory).catch(() => []);
    const path = join(runDirectory, name, file);
    return existsSync(path) ? path : undefined;
  };
  return await vi.waitUntil(find, { timeout: 25_000, interval: 20 });
}

/** Waits until the script of a stack has begun; gives what lets it go on. */
export async function begunIn(world: World, attemptId: string, stack: string): Promise<string> {
  const directory = dirname(await fileIn(world, attemptId, `app/stacks/${stack}/begun`));
  return join(directory, "go");
}

/** An environment of the shop whose state is in a bucket. */
export interface AwsWorld extends World {
  /** What deploys there, whatever world it belongs to. */
  readonly wish: Wish;
  /** A state, or what else is in the environment's bucket, as text; undefined: there is none. */
  object(name: string): Promise<string | undefined>;
  /** The names of all that is in the bucket. */
  objects(): Promise<readonly string[]>;
  /** As an administrator does: undefined deletes. */
  put(name: string, content: string | undefined): Promise<void>;
}

/**
 * A worker of its own on dev, with a home of its own, which reaches AWS at `url`. Stacks must have names of their own: the
 * bucket is shared.
 */
export async function makeAwsWorld(url = moto.url): Promise<AwsWorld> {
  const home = await freshDirectory();
  vi.stubEnv("AWS_ENDPOINT_URL", url);
  const world = await makeWorld({ ...tools, home, variables: { ...tools.variables, AWS_ENDPOINT_URL: url } });
  const binding = installation.registry.bindings.find(({ environment }) => environment === "dev");
  if (binding?.backend.type !== "s3") throw new Error("dev's state is not in S3");
  const { bucket: Bucket, prefix, region } = binding.backend;
  const store = { type: "local", directory: join(home, "store") } as const;
  const wish = { binding, store, repository: { id: 1001, owner: "acme", name: "Shop" } };
  const s3 = administratorAt(region);
  return {
    ...world,
    wish,
    input: (more) => world.input({ ...wish, ...more }),
    deploy: async (app, more) => await world.deploy(app, { ...wish, ...more }),
    deployWith: async (more) => await world.deployWith({ ...wish, ...more }),
    object: async (name) => {
      const got = s3.send(new GetObjectCommand({ Bucket, Key: `${prefix}/${name}` }));
      return await got.then(
        ({ Body }) => Body?.transformToString(),
        () => undefined,
      );
    },
    put: async (name, Body) => {
      const at = { Bucket, Key: `${prefix}/${name}` };
      if (Body === undefined) await s3.send(new DeleteObjectCommand(at));
      else await s3.send(new PutObjectCommand({ ...at, Body }));
    },
    objects: async () => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }));
      return Contents.map(({ Key = "" }) => Key.slice(prefix.length + 1));
    },
  };
}

/** Who may read and write all objects, past any proxy. */
export function administratorAt(region: string): S3Client {
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = installation.administrator;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  return new S3Client({ endpoint: moto.url, region, credentials });
}
