import { join } from "node:path";
import { absoluteAddress } from "../../../../adapters/registry/address.ts";
import type { Installation } from "./stacks.ts";

/** Where the registry is written: where the configuration says, or beside it. */
export const registryAddress = ({ config, directory }: Installation): string =>
  absoluteAddress(config.registry ?? join(directory, "registry.json"));
