import { afterAll, beforeAll, expect, test } from "vitest";
import { backendSchema } from "../../../adapters/registry/places.ts";
import { type StateServer, startStateServer } from "../../support/state-server.ts";
import { applied, results } from "./support/outcome.ts";
import { tools, useWorld } from "./support/scene.ts";
import { makeWorld } from "./support/world.ts";

useWorld();

const password = "correct horse battery";

let server: StateServer;
beforeAll(async () => {
  server = await startStateServer("deployer", password);
});
afterAll(() => server.close());

/** An environment whose states are on the server, and a worker that has these variables. */
async function onServer(variables: Readonly<Record<string, string>>) {
  const world = await makeWorld({ ...tools, variables: { ...tools.variables, ...variables } });
  const address = `${server.url}/shop/{stack}`;
  const backend = backendSchema.parse({
    type: "http",
    config: { address, lock_address: address, unlock_address: address, username: "deployer", retry_max: 0 },
    environment: { TF_HTTP_PASSWORD: "STATES_PASSWORD" },
  });
  const wish = { binding: { ...world.input({}).binding, backend } };
  return { world, wish };
}

test("stacks read each other's state on a server that wants a password", async () => {
  const { world, wish } = await onServer({ STATES_PASSWORD: password });
  const app = { network: { input: "one" }, service: { dependencies: ["network"] } };
  const outcome = applied(await world.deploy(app, wish));
  expect(results(outcome)).toEqual({ network: "applied", service: "applied" });
  expect([...server.states.keys()].sort()).toEqual(["/shop/network", "/shop/service"]);
  applied(await world.deployWith({ ...wish, bundle: outcome.bundle }));
  expect(server.locks.size).toBe(0);
});

test("the password is masked where a script tells it", async () => {
  const { world, wish } = await onServer({ STATES_PASSWORD: password });
  const command = 'echo "it is $TF_HTTP_PASSWORD" >&2; exit 3';
  const outcome = await world.deploy({ telling: { command } }, wish);
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "provisioner-failed" } });
  const said = JSON.stringify(outcome);
  expect([said.includes("it is ***"), said.includes(password)]).toEqual([true, false]);
});

test("a worker without the password fails before anything is changed, and says what it lacks", async () => {
  const { world, wish } = await onServer({});
  const outcome = await world.deploy({ lacking: {} }, wish);
  expect(outcome).toMatchObject({
    kind: "failed",
    failure: {
      code: "backend-secret-missing",
      source: "service",
      message: expect.stringContaining("STATES_PASSWORD"),
    },
  });
  expect(server.states.has("/shop/lacking")).toBe(false);
});

test("the lock that a killed Terraform left there is released by its own attempt", async () => {
  const { world, wish } = await onServer({ STATES_PASSWORD: password });
  const specOf = (command: string, triggers_replace: string) => {
    const provisioner = [{ "local-exec": { when: "destroy", command } }];
    return {
      json: { resource: { terraform_data: { thing: { triggers_replace, provisioner } } }, output: undefined },
    };
  };
  applied(await world.deploy({ cut: specOf("true", "old") }, wish));
  const deadly = "[ -e killed ] || { touch killed; kill -9 $PPID; }";
  const outcome = applied(await world.deploy({ cut: specOf(deadly, "new") }, wish));
  expect(outcome.stacks).toMatchObject([{ result: "applied", tries: 2 }]);
  expect(server.locks.size).toBe(0);
});
