import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import path from "node:path";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { findTerraform } from "../../../adapters/terraform/find.ts";
import type { AwsCoreConfig } from "../../../infra-core/targets/aws/config.ts";
import { type LockObject, openLock } from "../../../infra-core/targets/aws/lock/lock-object.ts";
import { type LockOptions, withLock } from "../../../infra-core/targets/aws/lock/state-lock.ts";
import { freshDirectory } from "../../support/directory.ts";
import { type Moto, startMoto } from "../../support/moto.ts";
import { startProxy } from "../../support/proxy.ts";
import { configure } from "./support/core.ts";
import { oneAccount } from "./support/installation.ts";

const stack = "environment-dev";

let moto: Moto;
let config: AwsCoreConfig;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await moto.close();
});

let directory: string;
let lock: LockObject;
let told: string[];
let bucket: string;
let installations = 0;
beforeEach(async () => {
  for (const [name, value] of Object.entries(moto.variables)) vi.stubEnv(name, value);
  installations += 1;
  config = await configure({ ...oneAccount, name: `lock${installations}` });
  lock = await openLock(config, stack);
  bucket = new URL(lock.address).host;
  const CreateBucketConfiguration = { LocationConstraint: "eu-central-1" } as const;
  await new S3Client().send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
  directory = await freshDirectory();
  told = [];
});

const options = (changed: Partial<LockOptions> = {}): LockOptions => ({
  lock,
  directory,
  operation: "apply",
  patience: 20_000,
  report: (line) => told.push(line),
  signal: new AbortController().signal,
  ...changed,
});

const runs = 3;

test("whoever comes while it is held waits, and all get it one after the other", async () => {
  let working = 0;
  let most = 0;
  const work = async () => {
    working += 1;
    most = Math.max(most, working);
    await lock.read();
    working -= 1;
    return "done";
  };
  const all = Array.from({ length: runs }, () => withLock(options(), work));
  expect(await Promise.all(all)).toEqual(Array(runs).fill("done"));
  expect(most).toBe(1);
  expect(await lock.read()).toBeUndefined();
  expect(told.join()).toContain("waiting for the apply of ");
});

test("a Terraform that is started by hand waits for it, and names it", async () => {
  const cwd = await freshDirectory();
  const key = `${stack}.tfstate`;
  const backend = { s3: { bucket, key, region: "eu-central-1", use_lockfile: true, use_path_style: true } };
  await writeFile(path.join(cwd, "main.tf.json"), JSON.stringify({ terraform: { backend } }));
  const terraform = await findTerraform(process.env);
  const env = { ...moto.variables, PATH: process.env.PATH ?? "", HOME: cwd };
  const run = (...args: readonly string[]) =>
    execa(terraform, args, { cwd, env, extendEnv: false, reject: false });
  expect(await run("init")).toMatchObject({ exitCode: 0 });
  const refused = await withLock(options(), () => run("plan", "-no-color", "-lock-timeout=0s"));
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(/Error acquiring the state lock/);
  expect(refused.stderr).toMatch(new RegExp(`Operation: +apply\n.*Who: +\\S+@${hostname()}`));
  expect(await run("plan", "-lock-timeout=0s")).toMatchObject({ exitCode: 0 });
});

test.each([
  ["another machine's", JSON.stringify({ ID: "5", Who: "ann@elsewhere", Operation: "OperationTypePlan" })],
  ["one that says nothing", "?"],
  ["one whose id is a path", JSON.stringify({ ID: "../..", Who: `${userInfo().username}@${hostname()}` })],
])("%s is never taken over", async (_, Body) => {
  const s3 = new S3Client();
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${stack}.tfstate.tflock`, Body }));
  await expect(withLock(options({ patience: 0 }), async () => undefined)).rejects.toMatchObject({
    code: "core-locked",
    source: "user",
    next: expect.stringContaining(`aws s3 rm ${lock.address}`),
  });
  expect(await lock.read()).toBeDefined();
});

/** Takes the lock in a process that is killed then, and leaves this program running. */
async function leaveLock(program: string): Promise<void> {
  const script = path.join(import.meta.dirname, "support/hold-lock.ts");
  const args = ["--import", "tsx", script, config.name, stack, directory, program];
  const env = { PATH: process.env.PATH ?? "", ...moto.variables };
  const holder = execa("node", args, { env, extendEnv: false, reject: false });
  await once(holder.stdout, "data");
  holder.kill("SIGKILL");
  await holder;
}

test("a lock whose command and Terraform were killed is taken over, by one of all who want it", async () => {
  await leaveLock("exit 0");
  let working = 0;
  const work = async () => {
    working += 1;
    expect(working).toBe(1);
    await lock.read();
    working -= 1;
  };
  await Promise.all(Array.from({ length: runs }, () => withLock(options(), work)));
  expect(told.filter((line) => line.includes("taken over"))).toHaveLength(1);
  expect(await lock.read()).toBeUndefined();
});

test("a Terraform that outlived its command is waited for first", async () => {
  const fifo = path.join(directory, "fifo");
  await execa("mkfifo", [fifo]);
  await leaveLock(`cat ${fifo}`);
  let isTaken = false;
  const next = withLock(options(), async () => {
    isTaken = true;
  });
  await vi.waitUntil(() => told.length > 0);
  expect(isTaken).toBe(false);
  await writeFile(fifo, "");
  await next;
  expect(isTaken).toBe(true);
});

test("a note of a machine with another name proves nothing", async () => {
  await leaveLock("exit 0");
  const held = await lock.read();
  if (held === undefined) throw new Error("nothing is locked");
  await lock.replace(held.etag, { ...held.info, Who: "ann@elsewhere" });
  await expect(withLock(options({ patience: 0 }), async () => undefined)).rejects.toMatchObject({
    code: "core-locked",
  });
});

test("a lock that was taken without an answer is known again, and given back", async () => {
  let lost = 0;
  await using proxy = await startProxy(moto.url, async (asked, answered) => {
    if (asked.method !== "PUT" || lost > 0) return false;
    lost += 1;
    const headers = Object.entries(asked.headers).filter(
      (one): one is [string, string] => typeof one[1] === "string",
    );
    await fetch(`${moto.url}${asked.url}`, {
      method: "PUT",
      headers,
      body: await asked.toArray().then((all) => Buffer.concat(all)),
    });
    answered.destroy();
    return true;
  });
  vi.stubEnv("AWS_ENDPOINT_URL", proxy.url);
  lock = await openLock(config, stack);
  expect(await withLock(options({ patience: 0 }), async () => "done")).toBe("done");
  expect(lost).toBe(1);
  expect(await lock.read()).toBeUndefined();
});

test("work that fails gives it back", async () => {
  const failing = withLock(options(), async () => {
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await lock.read()).toBeUndefined();
});

test("who is told to end waits no longer", async () => {
  const ending = new AbortController();
  await withLock(options(), async () => {
    const waiting = withLock(options({ signal: ending.signal }), async () => undefined);
    await vi.waitUntil(() => told.length > 0);
    ending.abort();
    await expect(waiting).rejects.toThrow();
  });
  expect(await lock.read()).toBeUndefined();
});
