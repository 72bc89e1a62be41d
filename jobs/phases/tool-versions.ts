import type { ToolVersions } from "../../adapters/artifacts/bundle-manifest.ts";
import type { OtherTool } from "../../promotion/report/remarks.ts";
import type { DeploymentTools } from "./deployment.ts";

/** Of what the worker itself brings. */
export function toolVersions({ terraform }: Pick<DeploymentTools, "terraform">): ToolVersions {
  return { [terraform.name]: terraform.version, node: process.versions.node };
}

/** What a bundle was made with and is not there any more in that version. */
export function versionsThatDiffer(sealed: ToolVersions, now: ToolVersions): readonly OtherTool[] {
  return Object.entries(sealed).flatMap(([name, version]) =>
    now[name] === version ? [] : [{ name, sealed: version, now: now[name] }],
  );
}
