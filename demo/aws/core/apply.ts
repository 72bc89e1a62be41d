import path from "node:path";
import { loadAwsCoreConfig } from "../../../infra-core/targets/aws/config.ts";
import { corePath } from "../../../infra-core/targets/aws/names.ts";
import { toFailure } from "../../../promotion/failure.ts";
import { clientsOf } from "../clients.ts";
import { adaptRoles } from "./adapt-roles.ts";
import { applyByApi } from "./by-api.ts";
import { applyByTerraform } from "./by-terraform.ts";

// A program of its own, whose environment makes it the admin. Arguments: core.yml, the repository's name.
// Prints why Terraform could not do it; nothing when it could.
const [file = "", repository = ""] = process.argv.slice(2);
const config = await loadAwsCoreConfig(file);
const clients = clientsOf(process.env as Record<string, string>);
const problem = await applyByTerraform(config, path.join(path.dirname(file), "core")).then(
  () => undefined,
  (error: unknown) => toFailure(error).message,
);
// What Terraform made before it failed keeps its names.
const name = problem === undefined || isBeforeAnything(problem) ? config.name : `${config.name}api`;
if (problem !== undefined) await applyByApi({ ...config, name }, clients);
await adaptRoles(clients, corePath(name), repository);
process.stdout.write(problem === undefined ? "" : briefly(problem));

/** Without the provider Terraform does not get beyond its first command. */
function isBeforeAnything(problem: string): boolean {
  return problem.startsWith("terraform init");
}

/** The error's own words, without what Terraform says around them. */
function briefly(problem: string): string {
  const [title = problem, told = ""] = problem.replace(/^.*?Error: /s, "").split("\n\n");
  return `${title}: ${told}`.replaceAll(/\s+/g, " ").slice(0, 400);
}
