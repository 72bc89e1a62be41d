import { isDeepStrictEqual } from "node:util";
import type { BackendBlock } from "./backend-block.ts";
import type { StackJson } from "./stack-json.ts";

/** Outputs of one stack that another one reads; `all` where that can't be told one by one. */
export type ConsumedOutputs = ReadonlySet<string> | "all";

/** What a bound stack reads of the state in `backend`: every place that mentions it is looked at. */
export function consumedOutputs(reader: StackJson, backend: BackendBlock): ConsumedOutputs {
  const { type, config } = backend;
  const remotes = Object.entries(reader.data?.terraform_remote_state ?? {});
  const names = remotes.flatMap(([name, remote]) =>
    isDeepStrictEqual([remote.backend, remote.config], [type, config]) ? [name] : [],
  );
  const text = JSON.stringify(reader);
  const consumed = names.flatMap((name) => mentions(text, name));
  return consumed.includes(undefined) ? "all" : new Set(consumed.filter((name) => name !== undefined));
}

/** The output that each mention of a remote state is about; undefined: not known. */
function mentions(text: string, remote: string): (string | undefined)[] {
  const [, ...after] = text.split(`data.terraform_remote_state.${remote}`);
  // A longer name begins like this one.
  const own = after.filter((rest) => !/^[\w-]/.test(rest));
  // Nobody declares a state without reading it: it is read in words that we don't know.
  if (own.length === 0) return [undefined];
  return own.map((rest) => /^\.outputs\.([A-Za-z_][\w-]*)/.exec(rest)?.[1]);
}
