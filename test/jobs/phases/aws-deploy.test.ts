import { expect, test } from "vitest";
import { makeAwsWorld, useAws } from "./support/aws.ts";
import { applied, results } from "./support/outcome.ts";

useAws();

test("stacks are planned and applied with state in S3, and rolled back from their bundle", async () => {
  const world = await makeAwsWorld();
  const app = (input: string) => ({ network: { input }, service: { dependencies: ["network"] } });
  const first = applied(await world.deploy(app("one")));
  expect(results(first)).toEqual({ network: "applied", service: "applied" });
  expect(await world.object("network.tfstate")).toContain('"one"');
  applied(await world.deploy(app("two")));
  expect(await world.object("network.tfstate")).toContain('"two"');
  applied(await world.deployWith({ bundle: first.bundle }));
  expect(await world.object("network.tfstate")).toContain('"one"');
  expect(await world.objects()).toEqual(["network.tfstate", "service.tfstate"]);
});
