import { join } from "node:path";
import { exists } from "../cache/entry.ts";
import { removeTree } from "../process/remove-tree.ts";
import { writeCliConfig } from "./cli-config.ts";
import { lockFile } from "./init-digest.ts";
import { shareProviders } from "./provider-cache.ts";
import { isWhole } from "./provider-entry.ts";
import { runStep } from "./step.ts";
import type { StackWorkspace, TerraformTools } from "./workspace.ts";

/** Runs `init`. A provider lock file that is there binds. */
export async function runInit(
  workspace: StackWorkspace,
  tools: TerraformTools,
  signal: AbortSignal,
): Promise<void> {
  const locked = await exists(join(workspace.directory, lockFile));
  await runStep("init", locked ? ["-lockfile=readonly"] : [], workspace, tools, { signal });
}

/**
 * Runs `init` with links to the providers that all runs share. Anybody may delete those meanwhile: then the stack gets
 * copies of its own.
 */
export async function runLinkedInit(
  workspace: StackWorkspace,
  tools: TerraformTools,
  signal: AbortSignal,
): Promise<void> {
  const entries = await shareProviders(workspace, tools, signal);
  await runInit(workspace, tools, signal).catch(async (error: unknown) => {
    if ((await Promise.all(entries.map(isWhole))).every(Boolean)) throw error;
    await writeCliConfig(workspace.cliConfig, tools.providerMirror);
    // Links that lead nowhere: nothing can be unpacked there.
    await removeTree(join(workspace.run, "data", "providers"));
    await runInit(workspace, tools, signal);
  });
}
