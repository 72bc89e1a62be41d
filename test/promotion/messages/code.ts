import type { Message } from "./message.ts";

export const code: readonly Message[] = [
  {
    from: "terraform 1.11",
    text: 'Extraneous JSON object property: No argument or block type is named "inputs". Did you mean "input"?',
  },
  {
    from: "terraform 1.11",
    text: 'Reference to undeclared resource: A managed resource "terraform_data" "nope" has not been declared in the root module.',
  },
  {
    from: "terraform 1.11",
    text: 'Invalid resource type: The provider terraform.io/builtin/terraform does not support resource type "terraform_dato".',
  },
  { from: "terraform 1.11", text: "Cycle: terraform_data.y, terraform_data.x" },
  {
    from: "terraform 1.11",
    text: 'No value for required variable: The root module input variable "v" is not set, and has no default value.',
  },
  { from: "terraform 1.11", text: 'Error in function call: Call to function "jsondecode" failed: EOF.' },
  {
    from: "terraform 1.11",
    text: 'Invalid count argument: The "count" value depends on resource attributes that cannot be determined until apply',
  },
  {
    from: "terraform 1.11",
    text: "Instance cannot be destroyed: Resource terraform_data.x has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed.",
  },
  {
    from: "terraform 1.11",
    text: "local-exec provisioner error: Error running command 'echo hi; exit 7': exit status 7. Output: hi",
  },
  {
    from: "terraform 1.11",
    text: "local-exec provisioner error: Error running command 'curl x || echo connection refused': exit status 2. Output: no such option",
  },
  {
    from: "terraform 1.11",
    text: "Unable to find remote state: No stored state was found for the given workspace in the given backend.",
  },
  { from: "terraform 1.11", text: "Resource precondition failed: No." },
  {
    from: "npm 10",
    text: "npm error code EUSAGE\nnpm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.",
  },
  { from: "npm 10", text: "npm error code ERESOLVE\nnpm error ERESOLVE could not resolve" },
  {
    from: "npm 10",
    text: "npm error code E404\nnpm error 404 Not Found - GET https://registry.npmjs.org/shopp - Not found",
  },
  {
    from: "node 20",
    text: "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'cdktn' imported from /workspace/main.js",
  },
  { from: "tsc", text: "main.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'." },
  {
    from: "terraform-provider-google",
    text: "googleapi: Error 400: Invalid value for field 'resource.machineType', invalid",
  },
];
