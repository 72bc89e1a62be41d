import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { execa } from "execa";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { parseIdentity } from "../../../adapters/process/detached/identity.ts";
import { loadRegistry } from "../../../adapters/registry/load.ts";
import { findTerraform } from "../../../adapters/terraform/find.ts";
import type { Core } from "../../../infra-core/core.ts";
import { loadAwsCoreConfig } from "../../../infra-core/targets/aws/config.ts";
import { awsCore } from "../../../infra-core/targets/aws/core.ts";
import { compile } from "../../support/compile.ts";
import { freshDirectory } from "../../support/directory.ts";
import { type Moto, motoAccount, startMoto } from "../../support/moto.ts";
import { oneAccount } from "./support/installation.ts";
import { preparedIn, prepareSubstitutes } from "./support/substitute.ts";

const bucket = `waymark-core-${motoAccount}`;
const stacks = ["core", `account-${motoAccount}`, "environment-dev", "environment-prod"];

let moto: Moto;
let s3: S3Client;
let home: string;
let file: string;
let terraform: string;
beforeAll(async () => {
  terraform = await findTerraform(process.env);
  home = await freshDirectory();
  file = path.join(home, "core.yml");
  const rest = { version: 1, target: "aws", github: { appId: 4711 } };
  await writeFile(file, JSON.stringify({ ...rest, ...oneAccount }));
  await prepareSubstitutes(await loadAwsCoreConfig(file), home, own());
});
beforeEach(async () => {
  moto = await startMoto();
  for (const [name, value] of Object.entries(moto.variables)) vi.stubEnv(name, value);
  s3 = new S3Client();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  s3.destroy();
  await moto.close();
  await rm(own(), { recursive: true, force: true });
});

/** What was shown, and whether to go on. */
async function openCore(
  approve: (plan: string) => boolean = () => true,
  { signal } = new AbortController(),
  report: (line: string) => void = () => undefined,
): Promise<Core> {
  const config = await loadAwsCoreConfig(file);
  const tools = {
    terraform,
    approve: async (plan: string) => approve(plan),
    report,
    signal,
  };
  return awsCore({ config, directory: own(), synthesize: preparedIn(home), tools });
}

const own = () => path.join(home, "own");
const local = () => path.join(own(), "core.tfstate");
const registry = () => path.join(own(), "registry.json");

async function stored(Key: string): Promise<string | undefined> {
  const { Body } = await s3
    .send(new GetObjectCommand({ Bucket: bucket, Key }))
    .catch(() => ({ Body: undefined }));
  return await Body?.transformToString();
}

async function expectComplete(): Promise<void> {
  for (const stack of stacks) expect(await stored(`${stack}.tfstate`)).toContain('"terraform_data"');
  expect([existsSync(local()), existsSync(`${local()}.backup`)]).toEqual([false, false]);
  const { bindings } = await loadRegistry(registry());
  expect(bindings.map(({ environment, backend }) => [environment, backend.type])).toEqual([
    ["dev", "s3"],
    ["prod", "s3"],
  ]);
}

test("an empty account is provisioned stack by stack, each shown first; after that nothing is left to do", async () => {
  const shown: string[] = [];
  const core = await openCore((plan) => shown.push(plan.split(":")[0] ?? "") > 0);
  expect(await core.plan()).toContain(`account-${motoAccount}:\nplanned once core is applied`);
  expect(await core.apply()).toBe("done");
  expect(shown).toEqual(stacks);
  await expectComplete();
  expect([await core.apply(), await core.plan()]).toEqual(["unchanged", undefined]);

  await rm(registry());
  await core.writeRegistry();
  await expectComplete();
});

test("whoever approves only some plans can go on later", async () => {
  let left = 2;
  expect(await (await openCore(() => left-- > 0)).apply()).toBe("declined");
  expect(existsSync(registry())).toBe(false);
  expect(await (await openCore()).apply()).toBe("done");
  await expectComplete();
});

test.each<[string, () => boolean | Promise<boolean>]>([
  ["the core's own state is begun", () => existsSync(local())],
  ["the bucket has the core's state", async () => (await stored("core.tfstate")) !== undefined],
  ["dev is being applied", async () => (await stored("environment-dev.tfstate.tflock")) !== undefined],
  ["prod is applied", async () => (await stored("environment-prod.tfstate")) !== undefined],
])("killed as soon as %s, applying again completes it", async (_, landmark) => {
  await killApply(landmark);
  await (await openCore()).apply();
  await expectComplete();
  expect(await (await openCore()).apply()).toBe("unchanged");
});

test("killed together with the Terraform that it had started, applying again completes it", async () => {
  let terraformGroup: number | undefined;
  await killApply(async () => {
    const lock = await stored("environment-dev.tfstate.tflock");
    terraformGroup = lock?.includes('"apply"') ? await wrapperUnderLock() : undefined;
    return terraformGroup !== undefined;
  });
  process.kill(-(terraformGroup ?? 0), "SIGKILL");
  expect(await stored("environment-dev.tfstate.tflock")).toBeDefined();
  const told: string[] = [];
  await (await openCore(undefined, undefined, (line) => told.push(line))).apply();
  expect(told.join()).toContain("its lock is taken over");
  await expectComplete();
});

/** Kills an apply as soon as something has come about. */
async function killApply(landmark: () => boolean | Promise<boolean>): Promise<void> {
  const args = [await compile("test/infra-core/aws/support/apply-process.ts"), file, terraform, own(), home];
  const env = { PATH: process.env.PATH ?? "", HOME: home, ...moto.variables };
  const killed = execa("node", args, { env, extendEnv: false, reject: false, detached: true });
  await vi.waitUntil(landmark, { timeout: 25_000, interval: 20 });
  process.kill(-(killed.pid ?? 0), "SIGKILL");
  expect((await killed).signal).toBe("SIGKILL");
}

/** The pid of what leads the processes that run under a lock, once they do. */
async function wrapperUnderLock(): Promise<number | undefined> {
  const runs = await readdir(path.join(own(), "runs"));
  const read = (run: string) => readFile(path.join(own(), "runs", run, "process/process"), "utf8");
  const texts = await Promise.all(runs.map((run) => read(run).catch(() => "")));
  return texts.map(parseIdentity).find((leader) => leader !== undefined)?.pid;
}

test("a state that was moved is not moved again when only its removal was lost", async () => {
  await (await openCore()).apply();
  await writeFile(local(), (await stored("core.tfstate")) ?? "");
  expect(await (await openCore()).apply()).toBe("unchanged");
  await expectComplete();
});

test("another core's state is not overwritten", async () => {
  await (await openCore()).apply();
  const before = await stored("core.tfstate");
  await writeFile(local(), JSON.stringify({ version: 4, lineage: "another", serial: 99, resources: [] }));
  await expect((await openCore()).apply()).rejects.toMatchObject({ code: "core-state-foreign" });
  expect(await stored("core.tfstate")).toBe(before);
  expect(await readFile(local(), "utf8")).toContain("another");
});

test("all is destroyed again, once nothing is deployed any more; also in a second try", async () => {
  await (await openCore()).apply();
  const [dev] = (await loadRegistry(registry())).bindings;
  if (dev?.backend.type !== "s3") throw new Error("dev has no bucket");
  const { bucket: Bucket, prefix } = dev.backend;
  const put = (resources: readonly object[]) =>
    s3.send(
      new PutObjectCommand({
        Bucket,
        Key: `${prefix}/network.tfstate`,
        Body: JSON.stringify({ version: 4, resources }),
      }),
    );
  const CreateBucketConfiguration = { LocationConstraint: "eu-central-1" } as const;
  for (const name of ["dev", "prod"])
    await s3.send(
      new CreateBucketCommand({ Bucket: Bucket.replace("-dev-", `-${name}-`), CreateBucketConfiguration }),
    );
  await put([{ type: "terraform_data" }]);
  await expect((await openCore()).destroy()).rejects.toMatchObject({
    code: "core-in-use",
    message: expect.stringContaining(`s3://${Bucket}/${prefix}/network.tfstate`),
  });
  await put([]);
  expect(await (await openCore(() => false)).destroy()).toBe("declined");
  await expectComplete();

  let told = 0;
  const ending = new AbortController();
  const impatient = await openCore(
    () => true,
    ending,
    () => {
      told += 1;
      ending.abort();
    },
  );
  await expect(impatient.destroy()).rejects.toThrow();
  expect(told).toBeGreaterThan(0);
  expect(await (await openCore()).destroy()).toBe("done");
  for (const stack of stacks.filter((name) => name !== "core"))
    expect(JSON.parse((await stored(`${stack}.tfstate`)) ?? "")).toMatchObject({ resources: [] });
  expect([existsSync(local()), existsSync(registry())]).toEqual([false, false]);
});
