import { expect, test } from "vitest";
import { foreignPlaces } from "../../../adapters/registry/foreign-places.ts";
import { bindingSchema } from "../../../adapters/registry/schema.ts";
import { awsBinding, binding } from "./registry-fixture.ts";

const namesFor = (own: unknown, ...others: readonly unknown[]) => {
  const [mine, ...rest] = [own, ...others].map((one) => bindingSchema.parse(one));
  if (mine === undefined) throw new Error("no binding");
  return foreignPlaces({ bindings: [...rest, mine] }, mine);
};

test("directories of another environment and of another repository are foreign", () => {
  const names = namesFor(binding(1, "dev"), binding(1, "prod"), binding(2, "dev"));
  expect(names).toEqual([
    "/srv/state/1/prod",
    "/srv/artifacts/1/prod",
    "/srv/state/2/dev",
    "/srv/artifacts/2/dev",
  ]);
});

test("another environment's buckets, roles and keys are foreign, also without their account", () => {
  const id = "0c7a6f6e-6c0f-4f0a-9d5b-1f2e3d4c5b6a";
  const kmsKeyId = `arn:aws:kms:eu-central-1:222222222222:key/${id}`;
  const prod = awsBinding(1, "prod");
  const names = namesFor(awsBinding(1, "dev"), { ...prod, backend: { ...prod.backend, kmsKeyId } });
  expect(names).toEqual(
    expect.arrayContaining([
      "waymark-prod-state-222222222222",
      "waymark-prod-files-222222222222",
      kmsKeyId,
      `key/${id}`,
      id,
      "arn:aws:iam::222222222222:role/waymark/waymark-prod-plan",
      "role/waymark/waymark-prod-apply",
    ]),
  );
  expect(names.filter((name) => /(^|[^a-z])dev([^a-z]|$)/.test(name))).toEqual([]);
});

test("of what an environment's repositories share only the other's part is foreign", () => {
  expect(namesFor(awsBinding(1, "dev"), awsBinding(2, "dev"))).toEqual([
    "waymark-dev-state-222222222222/acme/repository-2",
    "waymark-dev-files-222222222222/acme/repository-2",
  ]);
});

test.each([
  ["gcs", { bucket: "acme-prod-states", prefix: "shop/{stack}" }, ["acme-prod-states"]],
  ["azurerm", { storage_account_name: "acmeprod", container_name: "s", key: "{stack}" }, ["acmeprod"]],
  ["http", { address: "https://states.example/prod/shop/{stack}" }, ["https://states.example/prod/shop"]],
  ["http", { address: "https://states.example/{stack}" }, []],
])("a %s backend is told by what its states lie in: %j", (type, config, names) => {
  const other = { ...binding(1, "prod"), backend: { type, config } };
  expect(namesFor(binding(1, "dev"), other)).toEqual([...names, "/srv/artifacts/1/prod"]);
});
