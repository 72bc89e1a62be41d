import { join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
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

/** An environment of the shop whose state is in a bucket. */
export interface AwsWorld extends World {
  /** What deploys there, whatever world it belongs to. */
  readonly wish: Wish;
  /** A state, or what else is in the environment's bucket, as text; undefined: there is none. */
  object(name: string): Promise<string | undefined>;
  /** The names of all that is in the bucket. */
  objects(): Promise<readonly string[]>;
}

/** A worker of its own on dev, with a home of its own. Stacks must have names of their own: the bucket is shared. */
export async function makeAwsWorld(): Promise<AwsWorld> {
  const home = await freshDirectory();
  const world = await makeWorld({ ...tools, home });
  const binding = installation.registry.bindings.find(({ environment }) => environment === "dev");
  if (binding?.backend.type !== "s3") throw new Error("dev's state is not in S3");
  const { bucket: Bucket, prefix, region } = binding.backend;
  const store = { type: "local", directory: join(home, "store") } as const;
  const wish = { binding, store, repository: { id: 1001, owner: "acme", name: "Shop" } };
  const s3 = new S3Client({ endpoint: moto.url, region, credentials: keysOf(installation.administrator) });
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
    objects: async () => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }));
      return Contents.map(({ Key = "" }) => Key.slice(prefix.length + 1));
    },
  };
}

const keysOf = (variables: Readonly<Record<string, string>>) => ({
  accessKeyId: variables.AWS_ACCESS_KEY_ID ?? "",
  secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? "",
});
