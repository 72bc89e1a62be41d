import { table } from "../support/hostile-case.ts";
import { type Output, outputOf } from "../support/output.ts";
import { expression, withJson, withModule } from "../support/synthesized.ts";

const withText = (json: string): Output => outputOf({ a: { json } });
const saying = (text: string): Output => withJson({ output: { x: { value: text } } });

/** What names another environment's places: a bucket, two roles, a key, a directory. */
export const placeTable = table<Output>("the output, and what belongs to other environments", [
  ["another environment's bucket", saying("waymark-prod-state-333333333333"), "foreign-place"],
  [
    "the same as a host",
    saying("https://waymark-prod-state-333333333333.s3.amazonaws.com/x"),
    "foreign-place",
  ],
  [
    "the same in capitals",
    saying("https://WAYMARK-prod-state-333333333333.S3.amazonaws.com/x"),
    "foreign-place",
  ],
  ["the same as an ARN", saying("arn:aws:s3:::waymark-prod-state-333333333333/*"), "foreign-place"],
  [
    "the same with a percent sign for a dash",
    saying("s3://waymark%2dprod%2Dstate-333333333333"),
    "foreign-place",
  ],
  [
    "the same in letters of JSON",
    withText('{"terraform":{},"output":{"x":{"value":"w\\u0061ymark-prod-st\\u0061te-333333333333"}}}'),
    "foreign-place",
  ],
  [
    "the same in letters of HCL within JSON",
    saying(expression('"w\\u0061ymark-prod-\\U00000073tate-333333333333"')),
    "foreign-place",
  ],
  [
    "the same behind HCL's sign of a new line",
    saying(expression('"\\nwaymark-prod-state-333333333333"')),
    "foreign-place",
  ],
  [
    "the same as the name of a key",
    withJson({ locals: { "waymark-prod-state-333333333333": 1 } }),
    "foreign-place",
  ],
  ["the same as the name of a section", withJson({ "waymark-prod-state-333333333333": {} }), "foreign-place"],
  [
    "the same in lists within lists",
    withJson({ resource: [[{ a: [{ b: [["waymark-prod-state-333333333333"]] }] }]] }),
    "foreign-place",
  ],
  [
    "another repository's part of the own bucket",
    saying("waymark-dev-state-222222222222/acme/site/network.tfstate"),
    "foreign-place",
  ],
  [
    "another environment's role",
    saying("arn:aws:iam::333333333333:role/waymark/waymark-prod-apply"),
    "foreign-place",
  ],
  [
    "the same in an account that an expression fills in",
    saying(`arn:aws:iam::${expression("var.account")}:role/waymark/waymark-prod-apply`),
    "foreign-place",
  ],
  ["another environment's key by its id", saying("0c7a6f6e-6c0f-4f0a-9d5b-1f2e3d4c5b6a"), "foreign-place"],
  [
    "another environment's directory",
    saying(expression('file("/srv/state/1/prod/a.tfstate")')),
    "foreign-place",
  ],
  ["the same on a way round", saying("/srv/./x//../state//1/prod/a.tfstate"), "foreign-place"],
  ["the same from below", saying("../../../../srv/state/1/prod"), "foreign-place"],
  ["the same behind another root", saying("/proc/self/root/srv/state/1/prod"), "foreign-place"],
  [
    "the same with JSON's slashes",
    withText('{"terraform":{},"output":{"x":{"value":"\\/srv\\/state\\/1\\/prod"}}}'),
    "foreign-place",
  ],
  ["a bucket in a module", withModule('bucket = "waymark-prod-state-333333333333"'), "foreign-place"],
  [
    "a bucket in a module's JSON",
    withModule('{"x":"waymark-prod-st\\u0061te-333333333333"}', "x.tf.json"),
    "foreign-place",
  ],
  [
    "a bucket in the first of two keys of one name",
    withModule('{"x":"waymark-prod-state-333333333333","x":1}', "x.tf.json"),
    "foreign-place",
  ],
  [
    "a directory in a module's variables",
    withModule('x = "/srv/state/1/prod"', "terraform.tfvars"),
    "foreign-place",
  ],
]);
