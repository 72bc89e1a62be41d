import { storedState } from "./own-bucket.ts";
import { type Installation, planStack, withStacks } from "./stacks.ts";

/**
 * What an apply would change, stack by stack; undefined: nothing. A stack that reads another one can be planned once
 * that one is applied.
 */
export async function planAll(installation: Installation): Promise<string | undefined> {
  const { config, directory } = installation;
  const isSettled = (await storedState(config, "core")) !== undefined;
  const state = isSettled ? ({ type: "bucket" } as const) : ({ type: "directory", directory } as const);
  const applied = new Set<string>();
  return await withStacks(installation, state, async (stacks) => {
    const plans: string[] = [];
    for (const stack of stacks) {
      if (await storedState(config, stack.name)) applied.add(stack.name);
      const needed = new Set([...stack.needs, ...(stack.name === "core" ? [] : ["core"])]);
      const pending = [...needed].filter((name) => !applied.has(name));
      const changes =
        pending.length > 0 ? `planned once ${pending.join(", ")} is applied` : await planStack(stack);
      if (changes !== undefined) plans.push(`${stack.name}:\n${changes}`);
    }
    return plans.length > 0 ? plans.join("\n\n") : undefined;
  });
}
