import type { SessionOwner } from "../../../adapters/aws/session-request.ts";
import { bindingSchema } from "../../../adapters/registry/schema.ts";
import { awsBinding } from "../registry/registry-fixture.ts";

/** Deployment 7 of repository 1 to dev. */
export function sessionOwner(): SessionOwner {
  const binding = bindingSchema.parse(awsBinding(1, "dev"));
  if (binding.aws === undefined) throw new Error("the fixture has no roles");
  return { binding, access: binding.aws, repository: "acme/repository-1", deployment: "7" };
}
