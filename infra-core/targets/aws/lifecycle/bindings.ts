import { WaymarkError } from "../../../../promotion/failure.ts";
import type { Synthesize } from "./stacks.ts";

/** Synthesizes with the provider's bindings, if they are installed. Error (user): `core-bindings-missing`. */
export const synthesizeInstalled: Synthesize = async (config, state, outdir) => {
  const { synthesizeAwsCore } = await import("../synth.ts").catch((cause: unknown) => {
    throw isMissing(cause) ? bindingsMissing(cause) : cause;
  });
  return synthesizeAwsCore(config, state, outdir);
};

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";

const bindingsMissing = (cause: unknown): WaymarkError =>
  new WaymarkError({
    code: "core-bindings-missing",
    source: "user",
    class: "configuration",
    message: "The bindings of the AWS provider are not installed; they take 480 MB.",
    next: "Type: node scripts/setup.mjs infra-core/targets/aws",
    cause,
  });
