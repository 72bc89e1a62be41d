import { expect, test } from "vitest";
import { bindingFor } from "../../../adapters/registry/binding.ts";
import { parseRegistry } from "../../../adapters/registry/parse.ts";
import { WaymarkError } from "../../../promotion/failure.ts";
import { binding, registryFixture } from "./registry-fixture.ts";

const parse = (registry: unknown) => parseRegistry(JSON.stringify(registry), "registry.json");

test("gives each environment of each repository its own binding", () => {
  const registry = parse(registryFixture());
  expect(bindingFor(registry, 1, "prod")).toEqual(binding(1, "prod"));
  expect(bindingFor(registry, 2, "dev")?.backend.directory).toBe("/srv/state/2/dev");
  expect(bindingFor(registry, 2, "prod")).toBeUndefined();
  expect(bindingFor(registry, 3, "dev")).toBeUndefined();
});

test("an environment without a branch is deployed on command, one without after comes first", () => {
  expect(parse(registryFixture()).environments[2]).toEqual({ name: "experiment", branch: null, after: null });
});

test("every mistake is named in one message", () => {
  const registry = registryFixture();
  const environments = [
    { name: "dev", branch: "dev", after: "prod" },
    { name: "prod", branch: "prod", after: "dev" },
    { name: "late", branch: "late", after: "nowhere" },
  ];
  const repositories = [
    ...registry.repositories,
    { id: 2, fullName: "acme/other" },
    { id: 3, fullName: "Acme/Shop" },
  ];
  const bindings = [...registry.bindings, binding(1, "dev"), binding(9, "dev"), binding(1, "qa")];
  expect(() => parse({ ...registry, environments, repositories, bindings })).toThrow(
    expect.objectContaining({
      code: "registry-invalid",
      source: "service",
      message: expect.stringMatching(
        new RegExp(
          [
            "environment late comes after nowhere",
            "environment dev comes after itself",
            "environment prod comes after itself",
            "repository 2 is listed twice",
            "repository acme/shop is listed under two ids",
            "binding 1#dev is given twice",
            "binding 1#qa is for an unknown environment",
            "binding 9#dev is for an unknown repository",
          ].join("[^]*"),
        ),
      ),
    }),
  );
});

test("malformed values are named with their place", () => {
  const registry = registryFixture();
  const malformed = {
    version: 2,
    environments: [{ name: "Dev", branch: "a..b" }],
    repositories: [{ id: 0, fullName: "../etc" }],
    bindings: [{ ...binding(1, "dev"), backend: { type: "local", directory: "/srv/../etc" }, rôle: "admin" }],
  };
  const error = failureOf(() => parse(malformed));
  for (const place of [
    "version:",
    "environments[0].name:",
    "environments[0].branch:",
    "repositories[0].id:",
    "repositories[0].fullName:",
    "bindings[0].backend.directory:",
    "bindings[0]: Unrecognized key",
  ]) {
    expect(error.message).toContain(place);
  }
  expect(parse(registry).version).toBe(1);
});

test.each([
  ["the same directory", "/srv/state/1/dev"],
  ["a directory within another's", "/srv/state/1/dev/inner"],
  ["another's artifacts", "/srv/artifacts/1/prod"],
])("two bindings never share %s", (_, directory) => {
  const registry = registryFixture();
  const stolen = { ...binding(2, "dev"), backend: { type: "local", directory } };
  expect(() => parse({ ...registry, bindings: [binding(1, "dev"), binding(1, "prod"), stolen] })).toThrow(
    /bindings (1#\w+ and 2#dev|2#dev and 1#\w+) share the directory/,
  );
});

test("directories that only look alike are not shared", () => {
  const registry = registryFixture();
  const alike = { ...binding(2, "dev"), backend: { type: "local", directory: "/srv/state/1/dev-2" } };
  expect(parse({ ...registry, bindings: [binding(1, "dev"), alike] }).bindings).toHaveLength(2);
});

test("text that is not JSON is refused as such", () => {
  expect(failureOf(() => parseRegistry('{"version":', "registry.json")).code).toBe("registry-invalid");
});

function failureOf(action: () => unknown): WaymarkError {
  try {
    action();
  } catch (error) {
    if (error instanceof WaymarkError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
