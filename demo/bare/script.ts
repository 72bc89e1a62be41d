import { readdir, readFile, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { findTerraform } from "../../adapters/terraform/find.ts";
import { createPerson, type Person } from "../stage/person.ts";
import { freePort } from "../stage/port.ts";
import type { Stage } from "../stage/stage.ts";

/** Deploys by hand: fetch, synth, init, plan, apply, push of a tag, one after the other, and nothing else. */
export interface BareScript {
  /** Merge commits of `dev`, oldest first: each brings another version. */
  commits(): Promise<readonly string[]>;
  /** Deploys a commit; gives the seconds it took. */
  run(commit: string): Promise<number>;
  /** Destroys what it deployed. */
  close(): Promise<void>;
}

const stacks = ["network", "service"];

/** Uses the same synth command, and dependencies that are installed already. */
export async function openBareScript(stage: Stage): Promise<BareScript> {
  const directory = path.join(stage.directory, "bare");
  const user = stage.github.createUser("script");
  stage.github.setRole("acme/shop", "script", "write");
  const person = await createPerson(user, {
    url: stage.repository.cloneUrl,
    directory,
    apiUrl: stage.github.apiUrl,
  });
  await symlink(await installedDependencies(stage), path.join(directory, "node_modules"));
  const terraform = await findTerraform(process.env);
  const env = { WAYMARK_ENVIRONMENT: "dev", CDKTF_OUTDIR: "cdktf.out", PORT: String(await freePort()) };
  const run = (file: string, args: readonly string[], cwd = directory) => execa(file, args, { cwd, env });
  const inStack = (stack: string) => path.join(directory, "cdktf.out", "stacks", stack);
  let tags = 0;
  return {
    commits: () => mergeCommits(person),
    run: async (commit) => {
      const began = Date.now();
      await person.git("fetch", "--quiet", "origin", "refs/heads/dev");
      await person.git("checkout", "--quiet", "--force", "--detach", commit);
      const [file = "", ...args] = await synthCommand(directory);
      await run(file, args);
      for (const stack of stacks) {
        await run(terraform, ["init", "-input=false"], inStack(stack));
        await run(terraform, ["plan", "-input=false", "-out=plan"], inStack(stack));
        await run(terraform, ["apply", "-input=false", "plan"], inStack(stack));
      }
      tags += 1;
      await person.git("tag", "--annotate", "--message", "deployed", `bare/${tags}`);
      await person.git("push", "--quiet", "origin", `refs/tags/bare/${tags}`);
      return (Date.now() - began) / 1000;
    },
    close: async () => {
      for (const stack of stacks.toReversed()) {
        await run(terraform, ["destroy", "-auto-approve", "-input=false"], inStack(stack));
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function mergeCommits(person: Person): Promise<readonly string[]> {
  const merges = await person.git("rev-list", "--merges", "--first-parent", "--reverse", "origin/dev");
  return merges.split("\n");
}

async function synthCommand(directory: string): Promise<readonly string[]> {
  const text = await readFile(path.join(directory, "cdktf.json"), "utf8");
  const { app } = JSON.parse(text) as { app: string };
  return app.split(" ");
}

/** Where the worker installed them. */
async function installedDependencies(stage: Stage): Promise<string> {
  const cache = path.join(stage.directory, "home", "cache", "dependencies");
  const [digest = ""] = await readdir(cache);
  return path.join(cache, digest, "node_modules");
}
