import { policyPath } from "../../../promotion/policy.ts";
import type { World } from "../world/world.ts";
import type { Truth } from "./truth.ts";

/** May this login ask for anything? Bob may as long as any policy of the environment ever named him. */
export function mayAsk({ objects }: World, { heads }: Truth, login: string): boolean {
  if (login === "alice") return true;
  return login === "bob" && heads.some((head) => objects.commit(head)?.files[policyPath]?.includes("bob"));
}
