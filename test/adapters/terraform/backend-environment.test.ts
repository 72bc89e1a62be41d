import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { backendSchema } from "../../../adapters/registry/places.ts";
import { backendFor } from "../../../adapters/synth/backend-block.ts";
import { backendEnvironment, backendSecrets } from "../../../adapters/terraform/backend-environment.ts";
import { findTerraform } from "../../../adapters/terraform/find.ts";
import { freshDirectory } from "../../support/directory.ts";
import { type StateServer, startStateServer } from "../../support/state-server.ts";

const secrets = { STATES_USER: "shop-deployer", STATES_PASSWORD: "correct horse battery" };

let server: StateServer;
let terraform: string;
beforeAll(async () => {
  server = await startStateServer(secrets.STATES_USER, secrets.STATES_PASSWORD);
  terraform = await findTerraform(process.env);
});
afterAll(() => server.close());

function backendAt(url: string) {
  const address = `${url}/shop/{stack}`;
  const config = { address, lock_address: address, unlock_address: address, retry_max: 0 };
  const environment = { TF_HTTP_USERNAME: "STATES_USER", TF_HTTP_PASSWORD: "STATES_PASSWORD" };
  return backendSchema.parse({ type: "http", config, environment });
}

/** A working directory whose stack keeps its state on the server; its resource runs this command. */
async function workingDirectory(stack: string, command = "true"): Promise<string> {
  const directory = await freshDirectory();
  const { type, config } = backendFor({ backend: backendAt(server.url) }, 7, stack);
  const provisioner = [{ "local-exec": { command } }];
  const resource = { terraform_data: { thing: { input: command, provisioner } } };
  const json = JSON.stringify({ terraform: { backend: { [type]: config } }, resource });
  await writeFile(path.join(directory, "cdk.tf.json"), json);
  return directory;
}

/** Runs Terraform with nothing but what the backend needs. */
const run = (directory: string, worker: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  execa(terraform, args, {
    cwd: directory,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: directory,
      TF_INPUT: "0",
      TF_IN_AUTOMATION: "1",
      TF_CLI_ARGS: "-no-color",
      ...backendEnvironment(backendAt(server.url), worker),
    },
    extendEnv: false,
    reject: false,
    all: true,
  });

const succeed = async (directory: string, ...args: readonly string[]) => {
  const { exitCode, all } = await run(directory, secrets, ...args);
  expect([exitCode, all]).toEqual([0, expect.anything()]);
};

test("a state is kept on a server that wants a password, which lies in no file", async () => {
  const directory = await workingDirectory("network");
  await succeed(directory, "init");
  await succeed(directory, "plan", "-out=saved");
  await succeed(directory, "apply", "saved");
  expect(server.states.get("/shop/network")).toContain('"thing"');
  expect(server.answers.filter((answer) => !answer.startsWith("GET"))).toEqual([
    "LOCK /shop/network → 200",
    "UNLOCK /shop/network → 200",
    "LOCK /shop/network → 200",
    "POST /shop/network → 200",
    "UNLOCK /shop/network → 200",
  ]);

  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((file) => path.join(file.parentPath, file.name));
  expect(files.map((file) => path.relative(directory, file))).toEqual(
    expect.arrayContaining(["saved", ".terraform/terraform.tfstate"]),
  );
  for (const file of files) {
    const content = await readFile(file, "latin1");
    for (const secret of Object.values(secrets)) expect(content).not.toContain(secret);
  }
  for (const secret of Object.values(secrets))
    expect([...server.states.values()].join()).not.toContain(secret);
});

test("who has another password gets no state", async () => {
  const directory = await workingDirectory("network");
  const { exitCode, all } = await run(directory, { ...secrets, STATES_PASSWORD: "wrong horse" }, "init");
  expect([exitCode, all]).toEqual([1, expect.stringContaining("requires auth")]);
  expect(all).not.toContain("wrong horse");
});

test("of two applies on one state one waits, and then succeeds", async () => {
  const marks = await freshDirectory();
  const [begun, go] = [path.join(marks, "begun"), path.join(marks, "go")];
  const waiting = `touch ${begun}; until [ -e ${go} ]; do sleep 0.05; done`;
  const [first, second] = [await workingDirectory("shared", waiting), await workingDirectory("shared")];
  for (const directory of [first, second]) await succeed(directory, "init");
  const holding = run(first, secrets, "apply", "-auto-approve");
  await vi.waitUntil(() => existsSync(begun), { timeout: 25_000, interval: 5 });
  const refused = await run(second, secrets, "apply", "-auto-approve");
  expect([refused.exitCode, refused.all]).toEqual([1, expect.stringContaining("acquiring the state lock")]);
  const patient = run(second, secrets, "apply", "-auto-approve", "-lock-timeout=60s");
  await writeFile(go, "");
  expect([(await holding).exitCode, (await patient).exitCode]).toEqual([0, 0]);
  expect(server.locks.size).toBe(0);
});

test("a worker that lacks a variable is told which, and no value", () => {
  const { STATES_PASSWORD: _, ...rest } = secrets;
  for (const worker of [rest, { ...rest, STATES_PASSWORD: "" }])
    expect(() => backendEnvironment(backendAt("http://states"), worker)).toThrow(
      expect.objectContaining({
        code: "backend-secret-missing",
        source: "service",
        message: "The worker lacks STATES_PASSWORD, from which the backend http gets TF_HTTP_PASSWORD.",
      }),
    );
  expect(backendSecrets(backendAt("http://states"), rest)).toEqual([secrets.STATES_USER]);
});

test("other places need nothing", () => {
  const local = backendSchema.parse({ type: "local", directory: "/srv/state" });
  const plain = backendSchema.parse({ type: "gcs", config: { bucket: "states", prefix: "{stack}" } });
  for (const backend of [local, plain]) expect(backendEnvironment(backend, secrets)).toEqual({});
});
