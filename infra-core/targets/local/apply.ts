import { WaymarkError } from "../../../promotion/failure.ts";
import type { TerraformRun } from "../../terraform/run.ts";
import type { CoreConfig } from "./config.ts";
import { planFile, unusableDirectories } from "./plan.ts";

/**
 * Applies exactly the plan that was saved, then looks whether it came true.
 * @throws WaymarkError `terraform-failed` or `core-incomplete` (service)
 */
export async function apply(config: CoreConfig, terraform: TerraformRun): Promise<void> {
  await terraform(["apply", "-no-color", "-lock-timeout=60s", planFile]);
  const missing = await unusableDirectories(config);
  if (missing.length === 0) return;
  throw new WaymarkError({
    code: "core-incomplete",
    source: "service",
    message: `Not a private directory after the apply: ${missing.map(({ path }) => path).join(", ")}.`,
    next: "Look at what is at these paths, move it away, then apply again.",
  });
}
