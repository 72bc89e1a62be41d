import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bindingFor } from "../../../adapters/registry/binding.ts";
import { localBinding } from "../../../adapters/registry/local-binding.ts";
import { parseRegistry } from "../../../adapters/registry/parse.ts";
import { WaymarkError } from "../../../promotion/failure.ts";
import { awsBinding, binding, registryFixture } from "./registry-fixture.ts";

const parse = (registry: unknown) => parseRegistry(JSON.stringify(registry), "registry.json");

test("gives each environment of each repository its own binding", () => {
  const registry = parse(registryFixture());
  expect(bindingFor(registry, 1, "prod")).toEqual(binding(1, "prod"));
  expect(bindingFor(registry, 2, "dev")).toEqual(binding(2, "dev"));
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
    /bindings (1#\w+ and 2#dev|2#dev and 1#\w+) share the place/,
  );
});

test("directories that only look alike are not shared", () => {
  const registry = registryFixture();
  const alike = { ...binding(2, "dev"), backend: { type: "local", directory: "/srv/state/1/dev-2" } };
  expect(parse({ ...registry, bindings: [binding(1, "dev"), alike] }).bindings).toHaveLength(2);
});

const withBindings = (...bindings: unknown[]) => parse({ ...registryFixture(), bindings });

test("a binding may be on AWS: places in buckets, and the roles to reach them", () => {
  const registry = withBindings(awsBinding(1, "dev"), awsBinding(2, "dev"), binding(1, "prod"));
  expect(bindingFor(registry, 1, "dev")).toEqual(awsBinding(1, "dev"));
  const { aws: _none, ...roleless } = awsBinding(1, "dev");
  expect(() => withBindings(roleless)).toThrow("bindings[0]: has a place in S3, and no roles");
});

test.each([
  ["prefix that another has", { prefix: "acme/repository-1" }],
  ["bucket's name for a path", { bucket: "a/b" }],
  ["prefix above all repositories", { prefix: "acme" }],
  ["prefix that begins elsewhere", { prefix: "/acme/shop" }],
  ["region that is an address", { region: "eu-central-1.evil.example" }],
])("a place in S3 with a %s is refused", (_, wrong) => {
  const second = awsBinding(2, "dev");
  const backend = { ...second.backend, ...wrong };
  expect(() => withBindings(awsBinding(1, "dev"), { ...second, backend })).toThrow(
    /share the place s3:|bindings\[1\]\.backend\.\w+:/,
  );
});

test("any other backend is its own settings, with a state for each stack", () => {
  const gcs = (prefix: string) => ({ type: "gcs", config: { bucket: "states", prefix } });
  const registry = withBindings({ ...binding(1, "dev"), backend: gcs("acme/shop/{stack}") });
  expect(bindingFor(registry, 1, "dev")?.backend).toEqual(gcs("acme/shop/{stack}"));
  expect(() => withBindings({ ...binding(1, "dev"), backend: gcs("acme/shop") })).toThrow(
    "bindings[0].backend: must hold {stack}",
  );
  const both = [binding(1, "dev"), binding(1, "prod")].map((one) => ({ ...one, backend: gcs("{stack}") }));
  expect(() => withBindings(...both)).toThrow("bindings 1#dev and 1#prod share the place gcs:");
});

test.each([
  ["pg", { conn_str: "postgres://db/states" }, "config.conn_str: holds a secret", "PG_CONN_STR"],
  ["http", { password: "x" }, "config.password: holds a secret", "TF_HTTP_PASSWORD"],
  ["http", { address: "https://me:x@states/{stack}" }, "config.address: holds a secret", "TF_HTTP_PASSWORD"],
  ["azurerm", { access_key: "x" }, "config.access_key: holds a secret", "ARM_ACCESS_KEY"],
  ["gcs", { credentials: "{}" }, "config.credentials: holds a secret", "GOOGLE_CREDENTIALS"],
  ["kubernetes", { token: "x" }, "config.token: holds a secret", "KUBE_TOKEN"],
])("the credentials of a %s backend are none of its settings: %j", (type, config, place, instead) => {
  const backend = { type, config: { name: "{stack}", ...config } };
  const error = failureOf(() => withBindings({ ...binding(1, "dev"), backend }));
  expect(error.message).toContain(`bindings[0].backend.${place}`);
  expect(error.message).toContain(instead);
});

const withVariable = (type: string, variable: string, worker: string) =>
  withBindings({
    ...binding(1, "dev"),
    backend: { type, config: { secret_suffix: "{stack}" }, environment: { [variable]: worker } },
  });

test("they are the worker's variables, and only those that the backend asks for", () => {
  expect(withVariable("kubernetes", "KUBE_TOKEN", "SHOP_TOKEN").bindings).toHaveLength(1);
  for (const variable of ["TF_HTTP_PASSWORD", "LD_PRELOAD", "TF_CLI_ARGS", "PATH"])
    expect(() => withVariable("kubernetes", variable, "SHOP_TOKEN")).toThrow(
      `bindings[0].backend.environment.${variable}: is no variable with credentials of kubernetes`,
    );
  for (const worker of ["PRIVATE_KEY", "WEBHOOK_SECRET", "WAYMARK_SIGNING_KEY", "A-B", ""])
    expect(() => withVariable("kubernetes", "KUBE_TOKEN", worker)).toThrow("none of Waymark's own");
});

test("the example that people copy holds", async () => {
  const page = await readFile(join(import.meta.dirname, "../../../docs/backends.md"), "utf8");
  const [, example = ""] = /```json\n(.*?)```/s.exec(page) ?? [];
  const backend = JSON.parse(example);
  expect(withBindings({ ...binding(1, "dev"), backend }).bindings[0]?.backend).toEqual(backend);
});

test("what is not on this machine is not taken for local", () => {
  const local = withBindings(binding(1, "dev")).bindings.map(localBinding);
  expect(local).toEqual([binding(1, "dev")]);
  expect(() => withBindings(awsBinding(1, "dev")).bindings.map(localBinding)).toThrow(
    expect.objectContaining({ code: "binding-unsupported" }),
  );
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
