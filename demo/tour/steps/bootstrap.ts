import { stat } from "node:fs/promises";
import path from "node:path";
import { loadRegistry } from "../../../adapters/registry/load.ts";
import { localBinding } from "../../../adapters/registry/local-binding.ts";
import { bootstrapCore } from "../../stage/core.ts";
import { environmentNames } from "../../stage/shop-source.ts";
import { expect, type Step } from "../step.ts";

export const bootstrap: Step = {
  name: "bootstrap the core stack",
  play: async (stage) => {
    const { directory, repository } = stage;
    const printed = await bootstrapCore({ directory, repositories: [repository] });
    const registry = await loadRegistry(path.join(directory, "home", "core", "registry.json"));
    const backends = registry.bindings.map((binding) => localBinding(binding).backend.directory);
    const modes = await Promise.all(backends.map(async (directory) => (await stat(directory)).mode & 0o777));
    return [
      printed.trim().split("\n").at(-1) ?? "",
      expect(
        registry.bindings.length === environmentNames.length,
        `the registry binds ${registry.bindings.length} environments`,
      ),
      expect(new Set(backends).size === backends.length, "each has a state backend of its own"),
      expect(
        modes.every((mode) => mode === 0o700),
        "their directories are private (0700)",
      ),
    ];
  },
};
