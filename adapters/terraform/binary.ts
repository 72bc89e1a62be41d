import { WaymarkError } from "../../promotion/failure.ts";
import { childEnvironment, type Variables } from "../process/environment.ts";
import { run } from "../process/run.ts";

/** The program that plans and applies. */
export interface TerraformBinary {
  readonly path: string;
  readonly name: "terraform" | "opentofu";
  readonly version: string;
}

/** Before these versions local state could not be locked as S3's can, or the event stream said less. */
const oldest = { terraform: [1, 10], opentofu: [1, 8] } as const;

const failure = {
  code: "terraform-missing",
  source: "service",
  class: "configuration",
  message: "Terraform can't be started",
  next: "Run `npm run setup`, or point WAYMARK_TERRAFORM at Terraform 1.10 or OpenTofu 1.8 or later.",
} as const;

/**
 * Asks a program which Terraform it is. `home` and `temporary`: what it may fill.
 * Errors (service): `terraform-missing`, `terraform-outdated`.
 */
export async function detectTerraform(
  path: string,
  variables: Variables,
  scratch: { readonly home: string; readonly temporary: string },
): Promise<TerraformBinary> {
  const env = { ...childEnvironment(variables, { ...scratch, network: false }), CHECKPOINT_DISABLE: "1" };
  const printed = await run({ file: path, args: ["version"], cwd: "/", env }, { timeout: 30_000, failure });
  const match = /^(Terraform|OpenTofu) v([0-9]+)\.([0-9]+)\.(\S+)/m.exec(printed);
  if (!match) throw new WaymarkError({ ...failure, message: `${path} is neither Terraform nor OpenTofu.` });
  const name = match[1] === "OpenTofu" ? "opentofu" : "terraform";
  const version = `${match[2]}.${match[3]}.${match[4]}`;
  assertRecent(name, Number(match[2]), Number(match[3]), version);
  return { path, name, version };
}

function assertRecent(name: TerraformBinary["name"], major: number, minor: number, version: string): void {
  const [oldestMajor, oldestMinor] = oldest[name];
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  const message = `${name} ${version} is too old: ${oldestMajor}.${oldestMinor} or later is needed.`;
  throw new WaymarkError({ ...failure, code: "terraform-outdated", message });
}
