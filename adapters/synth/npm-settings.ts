import { tmpdir } from "node:os";
import { z } from "zod";
import { certificatePaths, childEnvironment, type Variables } from "../process/environment.ts";
import { run } from "../process/run.ts";

/** How the machine's own npm reaches the registry: what its operator set, whichever file or variable says so. */
const operatorSettings = z.object({
  registry: z.string(),
  cafile: z.string().nullish(),
  proxy: z.string().nullish(),
  "https-proxy": z.string().nullish(),
  "strict-ssl": z.boolean().default(true),
});
export type OperatorSettings = z.output<typeof operatorSettings>;

/** Npm takes longer to start than to tell: the answer holds for as long as the worker lives. */
const known = new WeakMap<Variables, Promise<OperatorSettings>>();

/** Asks npm, outside of any repository, once. Credentials are not among what it tells. */
export async function readOperatorSettings(variables: Variables): Promise<OperatorSettings> {
  const settings = known.get(variables) ?? askNpm(variables);
  known.set(variables, settings);
  settings.catch(() => known.delete(variables));
  return await settings;
}

async function askNpm(variables: Variables): Promise<OperatorSettings> {
  const scratch = { home: variables.HOME ?? tmpdir(), temporary: tmpdir(), network: true };
  const env = childEnvironment(variables, scratch);
  const printed = await run(
    { file: "npm", args: ["config", "list", "--json"], cwd: "/", env },
    { timeout: 30_000, failure },
  );
  return operatorSettings.parse(JSON.parse(printed));
}

/**
 * The settings of an npm that installs for a repository, as environment variables. They come from here only, and its
 * HOME is empty: no file of the repository may make it run code or redirect packages.
 */
export function npmSettings(operator: OperatorSettings, cache: string): Record<string, string> {
  const { registry, cafile, proxy, "https-proxy": httpsProxy } = operator;
  return {
    npm_config_globalconfig: "/dev/null",
    npm_config_cache: cache,
    npm_config_update_notifier: "false",
    npm_config_ignore_scripts: "true",
    // What is fetched by git brings settings that npm obeys. Older versions know only the second one.
    npm_config_allow_git: "none",
    npm_config_git: "/dev/null",
    npm_config_logs_max: "0",
    npm_config_registry: registry,
    npm_config_strict_ssl: String(operator["strict-ssl"]),
    ...(cafile && { npm_config_cafile: cafile }),
    ...(proxy && { npm_config_proxy: proxy }),
    ...(httpsProxy && { npm_config_https_proxy: httpsProxy }),
  };
}

/** Files that npm must be able to read to trust the registry. */
export function certificates({ cafile }: OperatorSettings, variables: Variables): string[] {
  return [...new Set([...certificatePaths(variables), ...(cafile ? [cafile] : [])])];
}

const failure = {
  code: "npm-not-usable",
  source: "service",
  class: "configuration",
  message: "npm does not tell its settings",
  next: "Check that `npm config list` works for the user that runs the worker.",
} as const;
