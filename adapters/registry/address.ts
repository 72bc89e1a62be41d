import path from "node:path";

/** Where a core registry is kept. */
export type RegistryAddress =
  | { readonly type: "file"; readonly path: string }
  | { readonly type: "s3"; readonly bucket: string; readonly key: string }
  | { readonly type: "ssm"; readonly name: string };

/** `s3://bucket/key`, `ssm:///parameter/name`, or the path of a file. */
export function parseAddress(text: string): RegistryAddress {
  const s3 = /^s3:\/\/([^/]+)\/(.+)$/.exec(text);
  if (s3) return { type: "s3", bucket: s3[1] ?? "", key: s3[2] ?? "" };
  const ssm = /^ssm:\/\/(\/.+)$/.exec(text);
  if (ssm) return { type: "ssm", name: ssm[1] ?? "" };
  return { type: "file", path: text };
}

/** The same address, a file's from the root on, by way of the directory. Anything that looks like an address and is none is left to fail as one. */
export const absoluteAddress = (text: string, directory = process.cwd()): string =>
  /^[a-z0-9]+:\/\//.test(text) ? text : path.resolve(directory, text);
