import { table } from "../support/hostile-case.ts";
import type { Output } from "../support/output.ts";
import { expression, withJson, withModule, withProvider } from "../support/synthesized.ts";

/** Who acts as somebody else on AWS; the role …/deployer may be taken. */
export const identityTable = table<Output>("the output, and every identity but the environment's own", [
  [
    "another role",
    withProvider([{ assume_role: [{ role_arn: "arn:aws:iam::333333333333:role/x" }] }]),
    "foreign-identity",
  ],
  [
    "another role of a provider that is no list",
    withProvider({ assume_role: { role_arn: "x" } }),
    "foreign-identity",
  ],
  [
    "a role that is only known later",
    withProvider([{ assume_role: [{ role_arn: expression("var.x") }] }]),
    "foreign-identity",
  ],
  ["a role without a name", withProvider([{ assume_role: [{}] }]), "foreign-identity"],
  [
    "a role that is a text",
    withProvider([{ assume_role: "arn:aws:iam::222222222222:role/deployer" }]),
    "foreign-identity",
  ],
  [
    "another role after one that may be taken",
    withProvider([
      {
        assume_role: [
          { role_arn: "arn:aws:iam::222222222222:role/deployer" },
          { role_arn: "arn:aws:iam::222222222222:role/x" },
        ],
      },
    ]),
    "foreign-identity",
  ],
  [
    "another role in a dynamic block",
    withProvider([{ dynamic: { assume_role: { for_each: ["x"], content: { role_arn: "x" } } } }]),
    "foreign-identity",
  ],
  [
    "another role in one of several dynamic blocks",
    withProvider([{ dynamic: [[{ default_tags: {} }], { assume_role: [{}] }] }]),
    "foreign-identity",
  ],
  [
    "another role behind an alias",
    withProvider([{}, { alias: "x", assume_role: [{ role_arn: "x" }] }]),
    "foreign-identity",
  ],
  [
    "a token for a role",
    withProvider([{ assume_role_with_web_identity: [{ role_arn: "x" }] }]),
    "foreign-identity",
  ],
  ["a profile of the machine", withProvider([{ profile: "default" }]), "foreign-identity"],
  ["keys of its own", withProvider([{ access_key: "AKIAX", secret_key: "x" }]), "foreign-identity"],
  ["a session's token", withProvider([{ token: "x" }]), "foreign-identity"],
  [
    "a file with keys",
    withProvider([{ shared_credentials_files: ["/root/.aws/credentials"] }]),
    "foreign-identity",
  ],
  [
    "a file that says how to get keys",
    withProvider([{ shared_config_files: ["/root/.aws/config"] }]),
    "foreign-identity",
  ],
  [
    "a server that gives out keys",
    withProvider([{ ec2_metadata_service_endpoint: "http://127.0.0.1" }]),
    "foreign-identity",
  ],
  ["keys of the other provider of AWS", withProvider([{ access_key: "x" }], "awscc"), "foreign-identity"],
  [
    "a profile of AWS by another name",
    withJson({
      terraform: { required_providers: { cloud: { source: "registry.terraform.io/Hashicorp/AWS" } } },
      provider: { cloud: [{ profile: "default" }] },
    }),
    "foreign-identity",
  ],
  [
    "a profile of what might be AWS",
    withJson({
      terraform: { required_providers: { cloud: { source: expression('"hashicorp/aws"') } } },
      provider: { cloud: [{ profile: "default" }] },
    }),
    "foreign-identity",
  ],
  ["a module's own provider", withModule('provider "aws" {\n  profile = "x"\n}'), "foreign-identity"],
  ["the same without quotes", withModule("provider aws {}"), "foreign-identity"],
  ["the same behind a comment", withModule('provider /* " */ "aws" {}'), "foreign-identity"],
  ["the same before a comment", withModule('provider "aws" /* = */ {}'), "foreign-identity"],
  [
    "the same with a comment that looks like a way round",
    withModule('provider/*x/../../y*/ "aws" {}'),
    "foreign-identity",
  ],
  ["the same in JSON", withModule('{"provid\\u0065r" : [{"aws":{}}]}', "x.tf.json"), "foreign-identity"],
]);
