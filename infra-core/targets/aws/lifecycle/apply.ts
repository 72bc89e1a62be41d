import type { CoreResult } from "../../../core.ts";
import { applyStack } from "./apply-stack.ts";
import { recordBindings } from "./record.ts";
import { settleOwnState } from "./settle.ts";
import { type Installation, withStacks } from "./stacks.ts";

/**
 * Makes the bucket of the core stacks' own states first, then everything else, then the registry. Each step looks at
 * what is there: killed at any time, the next run goes on from there.
 */
export async function applyAll(installation: Installation): Promise<CoreResult> {
  const settled = await settleOwnState(installation);
  if (settled === "declined") return "declined";
  return await withStacks(installation, { type: "bucket" }, async (stacks) => {
    let result: CoreResult = settled;
    for (const stack of stacks) {
      const applied = await applyStack(stack, installation);
      if (applied === "declined") return "declined";
      if (applied === "done") result = "done";
    }
    await recordBindings(stacks, installation);
    return result;
  });
}
