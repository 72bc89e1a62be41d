import { WaymarkError } from "../../promotion/failure.ts";
import type { LocalPlace } from "./places.ts";
import type { Binding } from "./schema.ts";

/** A binding whose state, bundles and logs are on this machine. */
export type LocalBinding = Binding & { readonly backend: LocalPlace; readonly artifacts: LocalPlace };

/** Errors (service): `binding-unsupported` when state or artifacts are elsewhere. */
export function localBinding(binding: Binding): LocalBinding {
  const { backend, artifacts } = binding;
  if (backend.type === "local" && artifacts.type === "local") return { ...binding, backend, artifacts };
  throw new WaymarkError({
    code: "binding-unsupported",
    source: "service",
    class: "configuration",
    message: `${binding.environment} of repository ${binding.repositoryId} keeps its state in ${backend.type} and its bundles in ${artifacts.type}.`,
    next: "Use it with environments whose state and bundles are in directories of this machine.",
  });
}
