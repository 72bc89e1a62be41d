import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { EnvironmentPolicy } from "../../../promotion/policy.ts";
import type { StackSpec } from "./support/app.ts";
import { applied, results } from "./support/outcome.ts";
import { useWorld, world } from "./support/scene.ts";

useWorld();

const policy: Partial<EnvironmentPolicy> = {
  stacks: { network: { kind: "provision" }, dns: { kind: "provision" } },
  retry: { maxAttempts: 1, backoffMultiplier: 1 },
  outputs: ["url"],
};
const passing = "connection reset by peer";
const host = "$" + "{data.terraform_remote_state.cross-stack-reference-input-network.outputs.host}";

/** dns comes after the service, which comes after the network. */
const app = (network: StackSpec = {}) => ({
  network: { outputs: { host: "10.0.0.1" }, ...network },
  service: { dependencies: ["network"], outputs: { url: host } },
  dns: { dependencies: ["service"] },
});
const stateOf = (stack: string) => readFile(join(world.state, `${stack}.tfstate`), "utf8");

/** Deployed in full, so that its bundle can be deployed again. */
const deployed = async (network?: StackSpec) => applied(await world.deploy(app(network), { policy })).bundle;

describe("a deployment of the provisioning stacks", () => {
  test("plans them all, changed or not, and leaves the others as they are", async () => {
    const bundle = await deployed();
    const before = await stateOf("service");
    await rm(join(world.state, "dns.tfstate"));
    const outcome = applied(await world.deployWith({ bundle, policy, scope: "provision" }));
    expect(results(outcome)).toEqual({ network: "unchanged", dns: "applied" });
    expect(await stateOf("service")).toBe(before);
    expect(outcome.bundle).toBe(bundle);
  });

  test("is checked as ever", async () => {
    const bundle = await deployed();
    const health = [{ tcp: { host: "127.0.0.1", port: 1 }, within: 1 }];
    const outcome = await world.deployWith({ bundle, policy: { ...policy, health }, scope: "provision" });
    expect(outcome).toMatchObject({ kind: "failed", failure: { code: "unhealthy" } });
  });

  test("postpones what can't even be planned for a passing reason: it was recorded as it is", async () => {
    await deployed();
    const condition = "$" + '{terraform_data.other.input == "two"}';
    const thing = { lifecycle: { precondition: [{ condition, error_message: passing }] } };
    const broken = app({ json: { resource: { terraform_data: { thing, other: { input: "one" } } } } });
    const outcome = await world.deploy(broken, { policy, scope: "provision" });
    expect(results(applied(outcome))).toEqual({ network: "postponed", dns: "unchanged" });
    const all = await world.deploy(broken, { policy });
    expect(results(all)).toEqual({ network: "failed", service: "not-run", dns: "not-run" });
  });
});

test("a deployment of what was postponed runs that, and skips what has not changed", async () => {
  await deployed();
  const flag = join(world.state, "open");
  const flaky = { command: `test -f ${flag} || { echo "${passing}" >&2; exit 1; }` };
  const bundle = await deployed(flaky);
  const again = () => world.deployWith({ bundle, policy, scope: "postponed" });
  expect(results(applied(await again()))).toEqual({ network: "postponed", dns: "skipped" });
  await writeFile(flag, "");
  expect(results(applied(await again()))).toEqual({ network: "applied", dns: "skipped" });
});
