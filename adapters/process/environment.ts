import { delimiter, dirname } from "node:path";

/** The variables a process was started with, such as `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

export interface EnvironmentOptions {
  /** HOME of the child: a scratch directory, never the worker's own. */
  readonly home: string;
  /** TMPDIR of the child. */
  readonly temporary: string;
  /** Whether proxies, certificates and the package registry are passed on. */
  readonly network: boolean;
}

const always = ["LANG", "LC_ALL", "TZ"];
const certificates = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR", "AWS_CA_BUNDLE"];
const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
const networked = [...certificates, ...proxies, "npm_config_registry"];

/**
 * The environment of a child that runs a repository's code: an allow-list, because whatever the worker's own holds
 * tomorrow must not leak by default.
 */
export function childEnvironment(source: Variables, options: EnvironmentOptions): Record<string, string> {
  const names = options.network ? [...always, ...networked] : always;
  return {
    ...pick(source, names),
    PATH: searchPath(source),
    HOME: options.home,
    TMPDIR: options.temporary,
  };
}

/** Files and directories that the passed certificate variables point at; a sandbox must show them. */
export function certificatePaths(source: Variables): string[] {
  return [...new Set(Object.values(pick(source, certificates)))];
}

/** The node that runs the worker comes first: a repository's tools then run on the version that was tested. */
function searchPath(source: Variables): string {
  return [dirname(process.execPath), source.PATH ?? "/usr/bin:/bin"].join(delimiter);
}

function pick(source: Variables, names: readonly string[]): Record<string, string> {
  const entries = names.flatMap((name) => {
    const value = source[name];
    return value ? [[name, value] as const] : [];
  });
  return Object.fromEntries(entries);
}
