import { isDeepStrictEqual } from "node:util";
import { loadRegistry } from "../../../adapters/registry/load.ts";
import { localBinding } from "../../../adapters/registry/local-binding.ts";
import type { Finding } from "../../core.ts";
import { boundDirectories } from "./binding.ts";
import type { CoreConfig } from "./config.ts";
import { bindingKeys } from "./core-stack.ts";
import { unusableDirectories } from "./plan.ts";

/** Whether each environment has its private directories, and the registry names just these. */
export async function verify(config: CoreConfig): Promise<Finding[]> {
  const unusable = new Set((await unusableDirectories(config)).map(({ path }) => path));
  const expected = bindingKeys(config).map((key) => ({
    ...key,
    paths: boundDirectories({ home: config.home, ...key }).map(({ path }) => path),
  }));
  const { bindings } = await loadRegistry(config.registry);
  const named = bindings.map(localBinding).map(({ repositoryId, environment, backend, artifacts }) => ({
    repositoryId,
    environment,
    paths: [backend.directory, artifacts.directory],
  }));
  return [
    ...expected.map(({ repositoryId, environment, paths }) => {
      const wrong = paths.filter((path) => unusable.has(path));
      const whose = `${environment} of repository ${repositoryId}`;
      return wrong.length === 0
        ? { ok: true, text: `${whose} has private directories (0700)` }
        : { ok: false, text: `${whose}: ${wrong.join(" and ")} is missing, or others may enter` };
    }),
    {
      ok: isDeepStrictEqual(named, expected),
      text: `the registry ${config.registry} names these directories`,
    },
  ];
}
