import { z } from "zod";
import { followLines } from "./follow.ts";

const resource = z.object({ addr: z.string(), resource_type: z.string() });

const eventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("apply_start"), hook: z.object({ resource, action: z.string() }) }),
  z.object({ type: z.literal("provision_start"), hook: z.object({ resource }) }),
  z.object({ type: z.enum(["provision_complete", "provision_errored"]), hook: z.object({ resource }) }),
]);
type Event = z.output<typeof eventSchema>;

/** What an apply had begun when it was cut off; addresses. */
export interface BegunCreates {
  /** All that may exist outside of the state, whether the apply said that it completed it or not. */
  readonly created: readonly string[];
  /** Those whose script never ended. The state may take them for made all the same. */
  readonly scripts: readonly string[];
}

/** Exist in the state alone: if that was not written, there is nothing. Unless a script was run for them. */
const harmless = /^(?:terraform_data|null_resource|random_\w+|time_\w+)$/;

/** What an apply began to create, from the log of its events; nothing where there is no log. */
export async function begunCreates(eventLog: string): Promise<BegunCreates> {
  const types = new Map<string, string>();
  const scripted = new Set<string>();
  const running = new Set<string>();
  const hear = ({ type, hook }: Event) => {
    const { addr, resource_type } = hook.resource;
    if (type === "apply_start" && hook.action === "create") types.set(addr, resource_type);
    if (type === "provision_start") for (const set of [scripted, running]) set.add(addr);
    if (type === "provision_complete" || type === "provision_errored") running.delete(addr);
  };
  const follow = followLines(eventLog, Promise.resolve(), (line) => parse(line).forEach(hear));
  await follow.catch(ignoreMissing);
  const created = [...types].filter(([address, type]) => scripted.has(address) || !harmless.test(type));
  const addresses = created.map(([address]) => address);
  return { created: addresses, scripts: addresses.filter((address) => running.has(address)) };
}

function parse(line: string): Event[] {
  try {
    return [eventSchema.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}

/** It was never started. */
function ignoreMissing(error: unknown): void {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
  throw error;
}
