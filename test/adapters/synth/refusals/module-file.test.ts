import { expect, test } from "vitest";
import type { Bounds } from "../../../../adapters/synth/refusals/bounds.ts";
import { refuseModuleFile } from "../../../../adapters/synth/refusals/module-file.ts";

const strict: Bounds = {
  foreign: ["acme-prod"],
  aws: {},
  forbids: {
    backends: ["consul"],
    providers: ["hashicorp/http"],
    dataSources: ["external"],
    resources: ["aws_iam_user"],
  },
};
const path = "stacks/web/assets/m/main.tf";
const refuse = (text: string, address = path) => refuseModuleFile({ address }, text, strict);

const ordinary = `
/* A module as people write it: the provider "aws" is configured by the caller. */
terraform {
  required_version = ">= 1.5"
  required_providers {
    # which of them
    aws = { source = "hashicorp/aws", version = "~> 5.0" } // pinned
    other = {
      source                = "acme/other"
      configuration_aliases = [other.west, other.east]
    }
    old = "~> 1.0"
  }
}
variable "external" { default = "http://example.com/data/*.json" }
resource "aws_instance" "http" {
  provider   = aws.west
  depends_on = [data.aws_ami.x]
  tags       = { consul = "\${var.external}" }
}
data "aws_ami" "external" {}
`;

test("an ordinary module may be shipped, also where much is forbidden", () => {
  expect(() => refuse(ordinary)).not.toThrow();
});

const json = { terraform: { required_providers: { aws: { source: "hashicorp/aws" } } } };

test("so may one in JSON", () => {
  const resource = { aws_instance: { x: { provider: "aws.west" } } };
  expect(() => refuse(JSON.stringify({ ...json, resource }), `${path}.json`)).not.toThrow();
});

test.each([
  ["foreign-remote-state", 'data "terraform_remote_state" "x" {}'],
  ["foreign-place", 'bucket = "acme-prod"'],
  ["foreign-identity", 'provider "aws" {'],
  ["forbidden-by-binding", 'terraform {\n  backend "consul" {}\n}'],
  ["forbidden-by-binding", 'data "external" "x" {}'],
  ["forbidden-by-binding", 'resource "aws_iam_user" "x" {}'],
  ["forbidden-by-binding", 'resource "http_x" "x" {}'],
  ["forbidden-by-binding", "# see hashicorp/http"],
  ["forbidden-by-binding", "terraform {\n  required_providers {\n    x = local.x\n  }\n}"],
])("%s names the file that holds it: %s", (code, text) => {
  expect(() => refuse(`${ordinary}\n${text}\n`)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(`synthesized ${path}, `) }),
  );
});
