import { readFileSync } from "node:fs";
import { App } from "cdktn/lib/app.js";
import { LocalBackend } from "cdktn/lib/backends/local-backend.js";
import { DataResource } from "cdktn/lib/terraform-data-resource.js";
import { TerraformStack } from "cdktn/lib/terraform-stack.js";

/** Stacks by name: what they need, how many resources they have, and what is run when they are made. */
const { stacks, value } = JSON.parse(readFileSync("app.json", "utf8"));

const app = new App();
const made = new Map();
for (const [name, { needs = [], resources = 1, command }] of Object.entries(stacks)) {
  const stack = new TerraformStack(app, name);
  // By hand, the state is kept beside the code; Waymark puts the environment's own backend in its place.
  new LocalBackend(stack, { path: `../../../terraform.${name}.tfstate` });
  for (const need of needs) stack.addDependency(made.get(need));
  for (let index = 1; index <= resources; index += 1) {
    // A new value replaces every resource. The command belongs to the first.
    const runs = command !== undefined && index === 1;
    const provisioners = [{ type: "local-exec", command }];
    new DataResource(stack, `resource-${index}`, {
      input: value,
      triggersReplace: value,
      ...(runs && { provisioners }),
    });
  }
  made.set(name, stack);
}
app.synth();
