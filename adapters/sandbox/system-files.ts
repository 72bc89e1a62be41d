import { lstat, readlink, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What name look-up, TLS, time zones and the dynamic linker need of /etc. Never all of it: it holds private keys. */
const etc = [
  "alternatives",
  "ca-certificates",
  "gai.conf",
  "group",
  "host.conf",
  "hosts",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "nsswitch.conf",
  "passwd",
  "pki/ca-trust",
  "pki/tls/certs",
  "protocols",
  "resolv.conf",
  "services",
  "ssl/certs",
  "ssl/openssl.cnf",
];

/** Where programs and libraries are. Never all of /usr: an image may keep its own application in /usr/src or /usr/app. */
const libraries = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];
const directories = [
  ...libraries.map((name) => `/${name}`),
  ...["/usr", "/usr/local"].flatMap((root) =>
    [...libraries, "libexec", "share", "include"].map((name) => `${root}/${name}`),
  ),
];

/** bubblewrap's arguments that show the system's programs and libraries, and this node's, read-only. */
export async function systemFiles(): Promise<string[]> {
  return [
    ...(await Promise.all(directories.map(systemDirectory))).flat(),
    ...readOnly("/nix/store"),
    ...etc.flatMap((name) => readOnly(`/etc/${name}`)),
    ...(await nodeFiles()).flatMap(readOnly),
  ];
}

const readOnly = (path: string): string[] => ["--ro-bind-try", path, path];

/** On most systems /bin and the like are links into /usr, and stay links. */
async function systemDirectory(path: string): Promise<string[]> {
  const stat = await lstat(path).catch(() => undefined);
  if (!stat) return [];
  return stat.isSymbolicLink() ? ["--symlink", await readlink(path), path] : readOnly(path);
}

/** A version manager keeps node inside a home directory: just its own two directories are shown. */
async function nodeFiles(): Promise<string[]> {
  const bin = dirname(await realpath(process.execPath));
  const files = new Set([bin, dirname(process.execPath), join(dirname(bin), "lib", "node_modules")]);
  const isShown = (path: string) =>
    directories.some((known) => path === known || path.startsWith(`${known}/`));
  return [...files].filter((path) => !isShown(path));
}
