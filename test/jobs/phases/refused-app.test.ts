import { expect, test } from "vitest";
import type { Forbids } from "../../../adapters/registry/forbids.ts";
import { applied } from "./support/outcome.ts";
import { useWorld, world } from "./support/scene.ts";
import type { Wish } from "./support/world.ts";

useWorld();

const foreign = "/srv/state/shop/prod";

const refusals: readonly [code: string, bounds: Pick<Wish, "foreignPlaces"> & { forbids?: Forbids }][] = [
  ["foreign-place", { foreignPlaces: [foreign] }],
  ["forbidden-by-binding", { forbids: { resources: ["terraform_data"] } }],
];

test.each(refusals)(
  "an app that leaves its bounds is refused before Terraform is started: %s",
  async (code, { forbids, ...wish }) => {
    const { binding } = world.input({});
    const app = { web: { input: `${foreign}/web.tfstate` } };
    const outcome = await world.deploy(app, { ...wish, binding: { ...binding, forbids } });
    expect(outcome).toMatchObject({
      kind: "failed",
      failure: { code, source: "user", message: expect.stringContaining("terraform_data.thing") },
      stacks: [],
    });
    expect(world.told).toEqual(["checkout", "synth"]);
  },
);

test("a bundle that was sealed before something was forbidden is refused as well", async () => {
  const { bundle } = applied(await world.deploy({ web: {} }));
  const { binding } = world.input({});
  const forbids = { resources: ["terraform_data"] };
  const outcome = await world.deployWith({ bundle, binding: { ...binding, forbids } });
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "forbidden-by-binding" }, stacks: [] });
});
