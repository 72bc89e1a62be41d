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

test("a preview plans and changes nothing; a validation needs no keys", async () => {
  const world = await makeAwsWorld();
  expect(results(await world.deploy({ previewed: {} }, { mode: "whatif" }))).toEqual({
    previewed: "planned",
  });
  expect(results(await world.deploy({ previewed: {} }, { mode: "validate" }))).toEqual({
    previewed: "valid",
  });
  expect(await world.object("previewed.tfstate")).toBeUndefined();
});

test("what is declared is looked for in stacks that were not applied again, too", async () => {
  const world = await makeAwsWorld();
  applied(await world.deploy({ declared: { outputs: { url: "http://x" } } }));
  const again = await world.deploy(
    { declared: { outputs: { url: "http://x" } } },
    { policy: { outputs: ["url"] } },
  );
  expect(results(applied(again))).toEqual({ declared: "unchanged" });
});

test("a role that AWS refuses is told by name, and nothing is changed", async () => {
  const world = await makeAwsWorld();
  const { binding } = world.input({});
  if (binding.aws === undefined) throw new Error("dev has no roles");
  const aws = { ...binding.aws, externalId: "somebody-else" };
  expect(await world.deploy({ refused: {} }, { binding: { ...binding, aws } })).toMatchObject({
    kind: "failed",
    failure: { code: "role-refused", class: "credentials", message: expect.stringContaining(aws.planRole) },
  });
});
