import { readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { findTerraform } from "../../adapters/terraform/find.ts";
import { createPerson, type Person } from "../stage/person.ts";
import { freePort } from "../stage/port.ts";
import type { Stage } from "../stage/stage.ts";

/** Somebody new clones the repository as often as it is called, each time into a directory of its own below `home`. */
export function createCloner(
  { github, repository }: Stage,
  login: string,
  home: string,
): () => Promise<Person> {
  const user = github.createUser(login);
  github.setRole(repository.fullName, user.login, "write");
  let clones = 0;
  return async () => {
    clones += 1;
    const directory = path.join(home, String(clones));
    return await createPerson(user, { url: repository.cloneUrl, directory, apiUrl: github.apiUrl });
  };
}

/** Lets a clone use what the worker has installed. */
export async function linkDependencies(stage: Stage, clone: string): Promise<void> {
  const cache = path.join(stage.directory, "home", "cache", "dependencies");
  const [digest = ""] = await readdir(cache);
  await symlink(path.join(cache, digest, "node_modules"), path.join(clone, "node_modules"));
}

/** Runs a program in a directory, with what the application wants to know in its environment. */
export type Runner = (cwd: string, file: string, ...args: readonly string[]) => Promise<void>;

/** A runner whose application gets a port of its own; `further` variables beside or instead of the usual. */
export async function createRunner(
  home: string,
  further: Readonly<Record<string, string>> = {},
): Promise<Runner> {
  const env = {
    WAYMARK_ENVIRONMENT: "dev",
    CDKTF_OUTDIR: "cdktf.out",
    PORT: String(await freePort()),
    npm_config_cache: path.join(home, "npm"),
    ...further,
  };
  return async (cwd, file, ...args) => {
    await execa(file, args, { cwd, env });
  };
}

/** Destroys what was deployed from a clone. `stacks`: in the order of their needs. */
export async function destroyStacks(clone: string, stacks: readonly string[], run: Runner): Promise<void> {
  const terraform = await findTerraform(process.env);
  for (const stack of stacks.toReversed()) {
    const directory = path.join(clone, "cdktf.out", "stacks", stack);
    await run(directory, terraform, "destroy", "-auto-approve", "-input=false");
  }
}
