import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import type { DeploymentOutcome } from "../../jobs/phases/deployment.ts";
import type { StackSpec } from "../jobs/phases/support/app.ts";
import { applied } from "../jobs/phases/support/outcome.ts";
import { tools, useWorld, world } from "../jobs/phases/support/scene.ts";

useWorld();

/** Terraform drops the mark of what is sensitive on the way through `output`, and shows it from then on. */
const secret = { input: `\${sensitive(uuid())}`, lifecycle: { ignore_changes: ["input"] } };

/** A stack whose secret is made by Terraform, kept in its state, and printed by a script. */
function printing(command: string): StackSpec {
  const environment = { TOKEN: `\${terraform_data.secret.output}` };
  const thing = { input: "one", provisioner: [{ "local-exec": { command, environment } }] };
  return { json: { resource: { terraform_data: { secret, thing } } } };
}

const stateSchema = z.object({
  resources: z.array(
    z.object({
      name: z.string(),
      instances: z.array(z.object({ attributes: z.object({ output: z.unknown() }) })),
    }),
  ),
});

/** The secret, which nothing but the state may hold. */
async function readSecret(): Promise<string> {
  const state = stateSchema.parse(JSON.parse(await readFile(join(world.state, "only.tfstate"), "utf8")));
  const made = state.resources.find(({ name }) => name === "secret")?.instances[0]?.attributes.output;
  return z.object({ value: z.string() }).parse(made).value;
}

/** Everything that runs left in WAYMARK_HOME. */
async function leftovers(): Promise<string> {
  const names = await readdir(tools.home, { recursive: true });
  const files = await Promise.all(names.map((name) => join(tools.home, name)).map(readIfFile));
  return files.join("\n");
}

async function readIfFile(path: string): Promise<string> {
  return (await stat(path)).isFile() ? await readFile(path, "latin1") : "";
}

test("a script that fails and prints a secret of the state is told without it, and leaves none on the disk", async () => {
  const outcome = await world.deploy({ only: printing('echo "no luck with $TOKEN" >&2; exit 3') });
  const token = await readSecret();
  expect(failureOf(outcome)).toMatchObject({
    code: "provisioner-failed",
    message: expect.stringContaining("no luck with ***"),
  });
  expect(JSON.stringify(outcome)).not.toContain(token);
  expect(await leftovers()).not.toContain(token);
});

test("a script that succeeds and prints a secret leaves it nowhere, but what was done can still be read", async () => {
  applied(await world.deploy({ only: printing('echo "$TOKEN"') }));
  const left = await leftovers();
  expect(left).not.toContain(await readSecret());
  expect(left).toContain("terraform_data.thing: Creation complete");
});

test("a secret variable with a default is masked, too, and a secret inside of a secret JSON", async () => {
  const variable = { password: { sensitive: true, default: "correct-horse" } };
  const wrapped = { input: `\${sensitive(jsonencode({ inner = "battery-staple" }))}` };
  const thing = {
    input: "one",
    provisioner: [
      { "local-exec": { command: "echo $A battery-staple; exit 1", environment: { A: `\${var.password}` } } },
    ],
  };
  const outcome = await world.deploy({
    only: { json: { variable, resource: { terraform_data: { wrapped, thing } } } },
  });
  expect(failureOf(outcome)?.message).toMatch(/Output: \*\*\* \*\*\*/);
});

const failureOf = (outcome: DeploymentOutcome) => (outcome.kind === "failed" ? outcome.failure : undefined);
