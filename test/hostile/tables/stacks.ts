import { table } from "../support/hostile-case.ts";
import { type Output, outputOf } from "../support/output.ts";

const own = { terraform: { backend: { local: { path: "own.tfstate" } } } };
const theirs = { backend: "local", config: { path: "/srv/state/8/prod.tfstate" } };
const expression = (text: string): string => `\${${text}}`;
const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

const withEntry = (entry: Readonly<Record<string, unknown>>): Output => outputOf({ a: { entry } });
const withName = (name: string): Output => withEntry({ name });
const inDirectory = (directory: string): Output =>
  withEntry({ workingDirectory: directory, synthesizedStackPath: `${directory}/cdk.tf.json` });
const withJson = (json: unknown): Output => outputOf({ a: { json } });
const withFile = (name: string, content = ""): Output => outputOf({ a: {} }, { [name]: content });
const reading = (block: unknown, name = "x"): Output =>
  withJson({ ...own, data: { terraform_remote_state: { [name]: block } } });
const chain = (count: number, dependency: (index: number) => string): Output =>
  outputOf(
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`s${index}`, { dependencies: [dependency(index)] }]),
    ),
  );

/** What an app synthesized; refused with a code, by the user's fault, with a next step. */
export const stackTable = table<Output>("all that lies beside the output, and every byte in it", [
  ["a stack named like a path out", withName("../../etc/cron.d/x"), "manifest-refused"],
  ["a stack named like an option", withName("-destroy"), "manifest-refused"],
  ["a stack named like a prototype", withName("__proto__"), "manifest-refused"],
  ["a stack named in markup", withName("<script>alert(1)</script>"), "manifest-refused"],
  ["a stack named like a command", withName("`id`$(id)"), "manifest-refused"],
  ["a stack named on two lines", withName("a\nWaymark: all is well"), "manifest-refused"],
  ["a stack with a name of 10,000 letters", withName("a".repeat(10_000)), "manifest-refused"],
  ["a stack in a directory outside", inDirectory("../neighbour"), "manifest-refused"],
  ["a stack in an absolute directory", inDirectory("/etc"), "manifest-refused"],
  ["a stack in the output itself", inDirectory("."), "manifest-refused"],
  ["a stack whose path goes round", inDirectory("stacks/a/../../../neighbour"), "manifest-refused"],
  [
    "a stack within another one's directory",
    outputOf(
      {
        a: {},
        "a.b": { entry: { workingDirectory: "stacks/a/b", synthesizedStackPath: "stacks/a/b/cdk.tf.json" } },
      },
      { "stacks/a/b/cdk.tf.json": own },
    ),
    "manifest-refused",
  ],
  ["two stacks that differ by capitals", outputOf({ a: {}, A: {} }), "manifest-refused"],
  ["201 stacks", chain(201, () => "s0"), "manifest-refused"],
  [
    "a manifest that is cut off",
    withFile("manifest.json", '{"version":"1","stacks":{"a":{'),
    "manifest-refused",
  ],
  [
    "a manifest of prototype keys",
    withFile(
      "manifest.json",
      '{"version":"1","stacks":{"__proto__":{"name":"a"},"constructor":{"prototype":{}}}}',
    ),
    "manifest-refused",
  ],
  [
    "a manifest of 100,000 levels",
    withFile("manifest.json", `{"version":"1","stacks":{},"x":${nested(100_000)}}`),
    "manifest-refused",
  ],
  ["a dependency on itself", outputOf({ a: { dependencies: ["a"] } }), "stack-cycle"],
  ["a circle of 200 stacks", chain(200, (index) => `s${(index + 1) % 200}`), "stack-cycle"],
  [
    "a dependency on a stack of another app",
    outputOf({ a: { dependencies: ["../other/app"] } }),
    "stack-unknown",
  ],
  [
    "a dependency with a name of a megabyte",
    outputOf({ a: { dependencies: ["x".repeat(1024 * 1024)] } }),
    "stack-unknown",
  ],
  [
    "Terraform Cloud as the place of the state",
    withJson({ terraform: { cloud: { organization: "evil" } } }),
    "stack-refused",
  ],
  [
    "a second backend beside the first",
    withJson({ terraform: { backend: { local: {}, http: { address: "https://evil.example" } } } }),
    "stack-refused",
  ],
  [
    "backends hidden in a list",
    withJson({ terraform: { backend: [{ http: { address: "https://evil.example" } }] } }),
    "stack-refused",
  ],
  [
    "terraform blocks hidden in a list",
    withJson({ terraform: [{ backend: { http: {} } }] }),
    "stack-refused",
  ],
  [
    "a forged mark of the attempt",
    withJson({ ...own, output: { waymark_attempt: { value: "f".repeat(40) } } }),
    "stack-refused",
  ],
  [
    "a check that reads another state",
    withJson({ ...own, check: { c: { data: { terraform_remote_state: { x: theirs } } } } }),
    "stack-refused",
  ],
  [
    "the same hidden in lists",
    withJson({ ...own, check: [{ c: [{ data: [{ terraform_remote_state: [{ x: theirs }] }] }] }] }),
    "stack-refused",
  ],
  ["a stack of 100,000 levels", withJson(`{"terraform":{},"x":${nested(100_000)}}`), "stack-refused"],
  ["a stack that is no JSON", withJson("terraform { backend http {} }"), "stack-refused"],
  ["the state of another environment", reading(theirs), "foreign-remote-state"],
  [
    "the state of another workspace",
    reading({
      ...own.terraform.backend,
      backend: "local",
      config: { path: "own.tfstate" },
      workspace: "prod",
    }),
    "foreign-remote-state",
  ],
  [
    "a state whose place is only known later",
    reading({ backend: "local", config: { path: expression("var.path") } }),
    "foreign-remote-state",
  ],
  [
    "a state on a server",
    reading({ backend: "http", config: { address: "http://169.254.169.254" } }),
    "foreign-remote-state",
  ],
  [
    "a name like CDKTF's own for a foreign state",
    reading(theirs, "cross-stack-reference-input-../../prod"),
    "foreign-remote-state",
  ],
  [
    "a file that overrides the stack",
    withFile("stacks/a/z_override.tf.json", '{"terraform":{"backend":{"http":{}}}}'),
    "foreign-remote-state",
  ],
  [
    "HCL beside the stack",
    withFile("stacks/a/main.tf", 'terraform { backend "http" {} }'),
    "foreign-remote-state",
  ],
  ["OpenTofu's own files beside the stack", withFile("stacks/a/main.tofu"), "foreign-remote-state"],
  [
    "variables that are read without being asked for",
    withFile("stacks/a/x.auto.tfvars.json", "{}"),
    "foreign-remote-state",
  ],
  ["the mark's file beside the stack", withFile("stacks/a/waymark.tf.json", "{}"), "foreign-remote-state"],
  [
    "a module that reads a state",
    withFile("stacks/a/assets/m/main.tf", 'data "terraform_remote_state" "x" {}'),
    "foreign-remote-state",
  ],
  [
    "the same spelt with four digits",
    withFile("stacks/a/assets/m/main.tf", 'data "terraform_remote_st\\u0061te" "x" {}'),
    "foreign-remote-state",
  ],
  [
    "the same spelt with eight digits",
    withFile("stacks/a/assets/m/main.tf", 'data "terraform_remote_st\\U00000061te" "x" {}'),
    "foreign-remote-state",
  ],
  [
    "a state that Terraform would take over",
    withFile("stacks/a/terraform.tfstate", "{}"),
    "foreign-remote-state",
  ],
  [
    "a backend that Terraform would remember",
    withFile("stacks/a/.terraform/terraform.tfstate", "{}"),
    "foreign-remote-state",
  ],
  [
    "a state that an admin would be asked to push",
    withFile("stacks/a/errored.tfstate", "{}"),
    "foreign-remote-state",
  ],
  [
    "a link to the machine's users",
    outputOf({ a: {} }, {}, [{ kind: "link", name: "stacks/a/asset", to: "/etc/passwd" }]),
    "output-refused",
  ],
  [
    "a link to a folder outside",
    outputOf({ a: {} }, {}, [{ kind: "link", name: "stacks/b", to: "../../neighbour" }]),
    "output-refused",
  ],
  [
    "a pipe that nobody writes into",
    outputOf({ a: {} }, {}, [{ kind: "pipe", name: "stacks/a/pipe" }]),
    "output-refused",
  ],
  [
    "a file whose name is no text",
    outputOf({ a: {} }, {}, [{ kind: "bytes", hex: "ff2e747874" }]),
    "output-refused",
  ],
]);

/** Backends that an app may name: each is replaced by the environment's own. */
export const backendTable = table<Readonly<Record<string, unknown>>>(
  "no address or key of the app's is left",
  [
    ["state on a server", { http: { address: "https://evil.example", password: "x" } }, "replaced"],
    [
      "state in a bucket, by a role",
      { s3: { bucket: "theirs", key: "prod", assume_role: { role_arn: "arn:x" } } },
      "replaced",
    ],
    [
      "state in another directory",
      { local: { path: "../../8/prod.tfstate", workspace_dir: "/etc" } },
      "replaced",
    ],
    [
      "state in Terraform Cloud, as a backend",
      { remote: { hostname: "evil.example", token: "x" } },
      "replaced",
    ],
    ["a backend named like a prototype's key", { constructor: { path: "x" } }, "replaced"],
  ],
);
