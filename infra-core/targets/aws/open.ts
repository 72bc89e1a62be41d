import { dirname, join, resolve } from "node:path";
import type { Core, CoreTools } from "../../core.ts";
import { loadAwsCoreConfig } from "./config.ts";
import { awsCore } from "./core.ts";
import { synthesizeInstalled } from "./lifecycle/bindings.ts";

/**
 * The core stack on AWS that a configuration file describes.
 * @throws WaymarkError `core-config-invalid` (user), or the file system's error
 */
export async function openAwsCore(file: string, tools: CoreTools): Promise<Core> {
  const config = await loadAwsCoreConfig(file);
  const directory = join(dirname(resolve(file)), ".waymark", "core", config.name);
  return awsCore({ config, directory, tools, synthesize: synthesizeInstalled });
}
