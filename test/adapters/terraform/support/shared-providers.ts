import { readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pinnedProviders } from "../../../../adapters/terraform/pinned-providers.ts";
import { findProviderMirror } from "../../../../adapters/terraform/provider-mirror.ts";
import type { StackWorkspace, TerraformTools } from "../../../../adapters/terraform/workspace.ts";
import { fakeSource } from "./fake-provider.ts";
import { makeWorkspace } from "./machine.ts";
import type { MirrorServer } from "./mirror-server.ts";

/** A machine that fetches providers from a server and keeps them in `cache` below the root. */
export async function sharingMachine(
  base: TerraformTools,
  root: string,
  { url, variables }: MirrorServer,
): Promise<TerraformTools> {
  const providerMirror = await findProviderMirror(url);
  return {
    ...base,
    variables: { ...process.env, ...variables },
    providerMirror,
    providerCache: join(root, "cache"),
  };
}

/** A stack that needs the fake provider. */
export const wanting = (version: string) => ({
  terraform: { required_providers: { fake: { source: "acme/fake", version } } },
});

export async function pinningWorkspace(
  root: string,
  json: object,
  tools: Pick<TerraformTools, "providerMirror">,
  lock?: string,
): Promise<StackWorkspace> {
  const workspace = await makeWorkspace(root, json, tools, lock);
  return { ...workspace, providers: await pinnedProviders(workspace.directory, { name: "terraform" }) };
}

/** Where the provider of an initialised stack leads; undefined: it is the stack's own. */
export async function linkIn({ run }: StackWorkspace): Promise<string | undefined> {
  const version = join(run, "data", "providers", fakeSource, "1.0.0");
  const [platform = ""] = await readdir(version);
  return await readlink(join(version, platform)).catch(() => undefined);
}
