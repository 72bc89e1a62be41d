import type { TerraformRelease } from "./terraform.d.mts";

export const terraformRelease: TerraformRelease;
