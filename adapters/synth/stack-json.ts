import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { WaymarkError } from "../../promotion/failure.ts";
import { attemptOutput } from "../../promotion/plan-summary.ts";
import type { BackendBlock } from "./backend-block.ts";
import { parseJson } from "./json.ts";

const remoteStateSchema = z.looseObject({
  backend: z.string(),
  config: z.record(z.string(), z.unknown()).default({}),
  workspace: z.unknown().optional(),
});

/**
 * The parts of a stack that say where state is. Terraform also reads lists in most of these places; CDKTF never writes
 * them, and a list could hide a second block, so they are refused.
 */
const stackSchema = z.looseObject({
  terraform: z.looseObject({
    backend: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
    cloud: z.unknown().optional(),
  }),
  data: z
    .looseObject({ terraform_remote_state: z.record(z.string(), remoteStateSchema).optional() })
    .optional(),
  output: z.record(z.string(), z.unknown()).optional(),
  check: z.unknown().optional(),
});

export type StackJson = z.output<typeof stackSchema>;

/** Errors (user): `stack-refused`. */
export function parseStack(text: string, stack: string): StackJson {
  try {
    return assertOwnState(stackSchema.parse(parseJson(text)));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new WaymarkError({
      code: "stack-refused",
      source: "user",
      class: "code",
      message: `Stack ${stack} can't be deployed: ${reason}`.slice(0, 1000),
      next: "Synthesize with cdktn or cdktf as they are, with any backend but Terraform Cloud.",
    });
  }
}

function assertOwnState(stack: StackJson): StackJson {
  if (stack.terraform.cloud !== undefined) throw new Error("it keeps its state in Terraform Cloud");
  if (Object.keys(stack.terraform.backend ?? {}).length > 1)
    throw new Error("it names more than one backend");
  if (Object.hasOwn(stack.output ?? {}, attemptOutput))
    throw new Error(`the output ${attemptOutput} is Waymark's own`);
  // A check has data sources of its own, which no construct of CDKTF writes.
  if (JSON.stringify(stack.check ?? null).includes("terraform_remote_state"))
    throw new Error("a check in it reads a state by itself");
  return stack;
}

/** The backend that the app itself gave a stack. */
export function originalBackend({ terraform }: StackJson): BackendBlock | undefined {
  const [entry] = Object.entries(terraform.backend ?? {});
  return entry && { type: entry[0], config: entry[1] };
}

/** What a rewrite must know of every stack of the app, by name. */
export interface StackPlace {
  readonly original: BackendBlock | undefined;
  /** In this environment. */
  readonly bound: BackendBlock;
}

/**
 * The stack with this environment's backend in place of the app's, also where it reads the state of its siblings.
 * Errors (user): `foreign-remote-state`, with stack and address, when it reads any other state.
 */
export function bindStack(
  json: StackJson,
  stack: string,
  places: ReadonlyMap<string, StackPlace>,
): StackJson {
  const own = places.get(stack);
  if (!own) throw new Error(`no place for stack ${stack}`);
  const terraform = { ...json.terraform, backend: { [own.bound.type]: own.bound.config } };
  const remotes = Object.entries(json.data?.terraform_remote_state ?? {});
  if (remotes.length === 0) return { ...json, terraform };
  const bound = remotes.map(([name, block]) => [name, bindRemoteState(name, block, stack, places)] as const);
  return { ...json, terraform, data: { ...json.data, terraform_remote_state: Object.fromEntries(bound) } };
}

type RemoteState = z.output<typeof remoteStateSchema>;

function bindRemoteState(
  name: string,
  block: RemoteState,
  stack: string,
  places: ReadonlyMap<string, StackPlace>,
): RemoteState {
  const meant = findMeant(name, block, places);
  if (!meant || !defaultWorkspaces.has(block.workspace)) throw foreign(stack, name);
  return { ...block, backend: meant.bound.type, config: meant.bound.config, workspace: undefined };
}

/** CDKTF names its own references after the stack; one written by hand is known by the backend it names. */
function findMeant(
  name: string,
  block: RemoteState,
  places: ReadonlyMap<string, StackPlace>,
): StackPlace | undefined {
  const named = places.get(name.replace(/^cross-stack-reference-input-/, ""));
  if (named && name.startsWith("cross-stack-reference-input-")) return named;
  const { backend: type, config } = block;
  const same = [...places.values()].filter(({ original }) => isDeepStrictEqual(original, { type, config }));
  return same.length === 1 ? same[0] : undefined;
}

const defaultWorkspaces: ReadonlySet<unknown> = new Set([
  undefined,
  "default",
  "$" + "{terraform.workspace}",
]);

function foreign(stack: string, name: string): WaymarkError {
  return new WaymarkError({
    code: "foreign-remote-state",
    source: "user",
    class: "code",
    message: `Stack ${stack} reads a state that belongs to no stack of this app: data.terraform_remote_state.${name}.`,
    next: "Refer to the other stack's attributes in the app, or pass the value as a variable in the policy.",
  });
}
