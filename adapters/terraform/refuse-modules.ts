import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { readPlainFile } from "../synth/plain-file.ts";
import type { Bounds } from "../synth/refusals/bounds.ts";
import { isConfiguration, moduleLimit, refuseModuleFile } from "../synth/refusals/module-file.ts";
import { readConstructs } from "./construct-path.ts";
import type { StackWorkspace } from "./workspace.ts";

/** What init notes of the modules that it has found, and fetched from elsewhere. The stack itself has no key. */
const manifestSchema = z.object({ Modules: z.array(z.object({ Key: z.string(), Dir: z.string() })) });

/**
 * Looks at the modules of a stack once init has fetched them, and before anything of them is run: what came from elsewhere
 * is bound by the same rules as the app. Errors (user): those of `refuseModuleFile`, with the module and its construct.
 */
export async function refuseModules(
  { stack, directory, run }: Pick<StackWorkspace, "stack" | "directory" | "run">,
  bounds: Bounds,
): Promise<void> {
  const text = await readPlainFile(join(run, "data", "modules", "modules.json"), moduleLimit);
  if (text === undefined) return;
  const constructOf = await readConstructs(directory);
  for (const { Key, Dir } of manifestSchema.parse(JSON.parse(text)).Modules) {
    if (Key === "") continue;
    const address = Key.split(".")
      .map((name) => `module.${name}`)
      .join(".");
    const part = { stack, construct: constructOf({ address, snippet: undefined }) };
    const files = (await readdir(resolve(directory, Dir))).filter(isConfiguration);
    for (const file of files) {
      const content = await readPlainFile(resolve(directory, Dir, file), moduleLimit);
      refuseModuleFile({ ...part, address: `${address}/${file}` }, content ?? "", bounds);
    }
  }
}
