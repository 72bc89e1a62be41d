import { expect, test } from "vitest";
import type { DeploymentProgress } from "../../../jobs/phases/deployment.ts";
import { startProxy } from "../../support/proxy.ts";
import { type AwsWorld, makeAwsWorld, moto, useAws } from "./support/aws.ts";
import { applied, results } from "./support/outcome.ts";
import type { Wish } from "./support/world.ts";

useAws();

/** What becomes of a stack with an output of this name. */
async function deploy(world: AwsWorld, stack: string, output = "ours", io: Wish["io"] = {}) {
  const app = { [stack]: { outputs: { [output]: "x" } } };
  const stacks = { [stack]: { kind: "provision" } } as const;
  return results(applied(await world.deploy(app, { policy: { stacks }, io })))[stack];
}

test("a provisioning stack is skipped only while its state is still the one of that success", async () => {
  const [here, there] = [await makeAwsWorld(), await makeAwsWorld()];
  expect(await deploy(here, "network")).toBe("applied");
  expect(await deploy(here, "network")).toBe("skipped");
  expect(await deploy(there, "network", "theirs")).toBe("applied");
  expect(await deploy(here, "network")).toBe("applied");
  expect(await deploy(here, "network")).toBe("skipped");
});

test("a success that another machine overtook before it was noted is not remembered", async () => {
  let isApplied = false;
  const admin = await makeAwsWorld();
  // Somebody else's state is there when we look which version is ours.
  await using proxy = await startProxy(moto.url, async ({ method, url }) => {
    if (!isApplied || method !== "HEAD" || !url?.includes("other.tfstate")) return false;
    isApplied = false;
    const ours = JSON.parse((await admin.object("other.tfstate")) ?? "{}");
    const outputs = { waymark_attempt: { value: "theirs", type: "string" } };
    await admin.put("other.tfstate", JSON.stringify({ ...ours, serial: ours.serial + 1, outputs }));
    return false;
  });
  const world = await makeAwsWorld(proxy.url);
  const progress = ({ phase, done }: DeploymentProgress) => {
    isApplied ||= phase === "apply" && done === 1;
  };
  expect(await deploy(world, "other", "ours", { progress })).toBe("applied");
  expect(isApplied).toBe(false);
  expect(await deploy(world, "other")).not.toBe("skipped");
});
