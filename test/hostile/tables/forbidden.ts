import { table } from "../support/hostile-case.ts";
import type { Output } from "../support/output.ts";
import { expression, withJson, withModule, withProvider } from "../support/synthesized.ts";

const requiring = (source: unknown): Output =>
  withJson({ terraform: { required_providers: { x: { source } } } });

/** What the binding forbids: backend consul, hashicorp/http, data aws_secretsmanager_secret_version, resource terraform_data. */
export const forbiddenTable = table<Output>("the output, and what no app may use here", [
  ["a backend", withJson({ terraform: { backend: { consul: { path: "x" } } } }), "forbidden-by-binding"],
  ["a provider by its source", requiring("hashicorp/http"), "forbidden-by-binding"],
  [
    "a provider by its source and host",
    requiring("registry.terraform.io/hashicorp/http"),
    "forbidden-by-binding",
  ],
  ["a provider from elsewhere", requiring("mirror.example:8443/hashicorp/http"), "forbidden-by-binding"],
  ["a provider in capitals", requiring("HashiCorp/HTTP"), "forbidden-by-binding"],
  ["a provider in wide letters", requiring("hashicorp/ｈｔｔｐ"), "forbidden-by-binding"],
  ["a provider without a namespace", requiring("http"), "forbidden-by-binding"],
  [
    "a provider whose source is computed",
    requiring(`hashi${expression('"corp"')}/http`),
    "forbidden-by-binding",
  ],
  ["a provider whose source is no text", requiring(["hashicorp/http"]), "forbidden-by-binding"],
  [
    "a provider whose source has a computed name",
    withJson({ terraform: { required_providers: { x: { [expression('"source"')]: "hashicorp/http" } } } }),
    "forbidden-by-binding",
  ],
  [
    "a provider in one of several lists",
    withJson({
      terraform: { required_providers: [[{ x: { source: "a/b" } }], { y: { source: "hashicorp/http" } }] },
    }),
    "forbidden-by-binding",
  ],
  ["a provider by its configuration", withProvider([{}], "http"), "forbidden-by-binding"],
  ["a provider by a data source", withJson({ data: { http: { x: { url: "x" } } } }), "forbidden-by-binding"],
  [
    "a provider by an ephemeral resource",
    withJson({ ephemeral: { http: { x: {} } } }),
    "forbidden-by-binding",
  ],
  [
    "a provider that a resource chooses",
    withJson({ resource: { a_b: { x: { provider: "http.y" } } } }),
    "forbidden-by-binding",
  ],
  [
    "a provider that a resource chooses by an expression",
    withJson({ resource: { a_b: { x: { provider: expression("http.y") } } } }),
    "forbidden-by-binding",
  ],
  [
    "a data source",
    withJson({ data: { aws_secretsmanager_secret_version: { x: {} } } }),
    "forbidden-by-binding",
  ],
  [
    "a data source in lists",
    withJson({ ephemeral: [[{ aws_secretsmanager_secret_version: [{ x: [{}] }] }]] }),
    "forbidden-by-binding",
  ],
  [
    "a data source of a check",
    withJson({ check: { c: [{ data: { http: { x: {} } } }] } }),
    "forbidden-by-binding",
  ],
  ["a resource", withJson({ resource: { terraform_data: { x: {} } } }), "forbidden-by-binding"],
  ["a module's resource", withModule('resource "terraform_data" "x" {}'), "forbidden-by-binding"],
  ["a module's resource without quotes", withModule("resource terraform_data x {}"), "forbidden-by-binding"],
  [
    "a module's resource behind a comment",
    withModule('resource /* = */ "terraform_data" "x" {}'),
    "forbidden-by-binding",
  ],
  [
    "a module's resource in letters of HCL",
    withModule('resource "terraform_d\\u0061ta" "x" {}'),
    "forbidden-by-binding",
  ],
  [
    "a module's resource in JSON",
    withModule('{"resource":{"terraform_d\\u0061ta":{}}}', "x.tf.json"),
    "forbidden-by-binding",
  ],
  ["a module's data source", withModule('data "http" "x" {}'), "forbidden-by-binding"],
  [
    "a module's provider",
    withModule('terraform {\n required_providers {\n  x = { source = "Hashicorp/HTTP" }\n }\n}'),
    "forbidden-by-binding",
  ],
  [
    "a module's provider whose source is computed",
    withModule(
      `terraform {\n required_providers {\n  x = { source = "hashi${expression('"corp"')}/http" }\n }\n}`,
    ),
    "forbidden-by-binding",
  ],
  [
    "a module's provider whose source is chosen",
    withModule(
      'terraform {\n required_providers {\n  x = { source = true ? "hashicorp\\/http" : "a/b" }\n }\n}',
    ),
    "forbidden-by-binding",
  ],
  [
    "a module's provider whose source is computed, in JSON",
    withModule(
      '{"terraform":{"required_providers":{"x":{"source":"hashi\\u0024{\\"corp\\"}/http"}}}}',
      "x.tf.json",
    ),
    "forbidden-by-binding",
  ],
]);
