import { expect, test } from "vitest";
import { bindingSchema } from "../../../adapters/registry/schema.ts";
import { backendFor } from "../../../adapters/synth/backend-block.ts";
import { awsBinding, binding } from "../registry/registry-fixture.ts";

const blockOf = (given: unknown) => backendFor(bindingSchema.parse(given), 1, "network");

test("a local state lies in the repository's own directory", () => {
  expect(blockOf(binding(1, "dev"))).toEqual({
    type: "local",
    config: { path: "/srv/state/1/dev/1/network.tfstate" },
  });
});

test("a state in S3 is locked, and its block names neither a role nor a key", () => {
  expect(blockOf(awsBinding(1, "dev"))).toEqual({
    type: "s3",
    config: {
      bucket: "waymark-dev-state-222222222222",
      key: "acme/repository-1/network.tfstate",
      region: "eu-central-1",
      use_lockfile: true,
    },
  });
});

test("any other backend gets the stack's name where its settings want it", () => {
  const config = {
    schema_name: "shop_{stack}",
    skip_schema_creation: true,
  };
  expect(blockOf({ ...binding(1, "dev"), backend: { type: "pg", config } })).toEqual({
    type: "pg",
    config: { ...config, schema_name: "shop_network" },
  });
});
