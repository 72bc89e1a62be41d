import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Mount } from "../sandbox/sandbox.ts";

/**
 * Makes a directory for the front of an app's PATH, with a `terraform` that knows its version by heart: cdktn asks for it
 * once for each resource of some types (`terraform_data` among them), and to start Terraform takes longer than all else
 * that synth does for one. Anything else is answered by the next `terraform` on `path`.
 */
export async function tellVersion(scratch: string, version: string, path: string): Promise<Mount> {
  const directory = join(scratch, "programs");
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "terraform"), script(version, path), { mode: 0o755 });
  return { path: directory, as: "/programs", writable: false };
}

const script = (version: string, path: string): string => `#!/bin/sh
if [ "$*" = version ]; then
  echo ${quote(`Terraform v${version}`)}
else
  PATH=${quote(path)}
  export PATH
  exec terraform "$@"
fi
`;

/** For a shell, as it is. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
