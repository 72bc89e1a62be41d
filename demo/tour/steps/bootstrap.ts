import { stat } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { loadRegistry } from "../../../adapters/registry/load.ts";
import { environmentNames } from "../../stage/shop-source.ts";
import { writeCoreConfig } from "../../stage/stage.ts";
import { expect, type Step } from "../step.ts";

const root = path.resolve(import.meta.dirname, "../../..");

export const bootstrap: Step = {
  name: "bootstrap the core stack",
  play: async (stage) => {
    const file = await writeCoreConfig(stage);
    const command = ["--import", "tsx", "infra-core/bootstrap.ts", "--config", file, "--yes"];
    const { stdout } = await execa(process.execPath, command, { cwd: root });
    const registry = await loadRegistry(path.join(stage.directory, "home", "core", "registry.json"));
    const backends = registry.bindings.map(({ backend }) => backend.directory);
    const modes = await Promise.all(backends.map(async (directory) => (await stat(directory)).mode & 0o777));
    return [
      stdout.trim().split("\n").at(-1) ?? "",
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
