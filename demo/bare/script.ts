import { cp, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { findTerraform } from "../../adapters/terraform/find.ts";
import type { Person } from "../stage/person.ts";
import { movedAt } from "../stage/ref-clock.ts";
import type { Stage } from "../stage/stage.ts";
import { createCloner, createRunner, destroyStacks, linkDependencies } from "./checkout.ts";

/** Deploys by hand: fetch, synth, init, plan, apply, push of a tag, one after the other, and nothing else. */
export interface BareScript {
  /** Merge commits of `dev`, oldest first: each brings another version. */
  commits(): Promise<readonly string[]>;
  /** Deploys a commit of a branch (of `dev` unless told); gives the seconds from its start to the tag. */
  run(commit: string, branch?: string): Promise<number>;
  /** The same on a machine that has nothing yet but what npm once downloaded: clones and installs first. */
  runCold(commit: string): Promise<number>;
  /** Destroys what it deployed. */
  close(): Promise<void>;
}

/** Uses the same synth command, and dependencies that are installed already. `stacks`: in the order of their needs. */
export async function openBareScript(
  stage: Stage,
  stacks: readonly string[] = ["network", "service"],
): Promise<BareScript> {
  const home = path.join(stage.directory, "bare");
  const cloneAnew = createCloner(stage, "script", home);
  let person = await cloneAnew();
  await linkDependencies(stage, person.clone);
  const run = await createRunner(home);
  const terraform = await findTerraform(process.env);
  const inStack = (stack: string) => path.join(person.clone, "cdktf.out", "stacks", stack);
  const apply = async (stack: string): Promise<void> => {
    await run(inStack(stack), terraform, "init", "-input=false");
    await run(inStack(stack), terraform, "plan", "-input=false", "-out=plan");
    await run(inStack(stack), terraform, "apply", "-input=false", "plan");
  };
  let tags = 0;
  /** When the tag was made. */
  const deploy = async (): Promise<number> => {
    const [file = "", ...args] = await synthCommand(person.clone);
    await run(person.clone, file, ...args);
    for (const stack of stacks) await apply(stack);
    tags += 1;
    const tag = `bare/${tags}`;
    await person.git("tag", "--annotate", "--message", "deployed", tag);
    await person.git("push", "--quiet", "origin", `refs/tags/${tag}`);
    return (await movedAt(stage.repository.bareDirectory, `refs/tags/${tag}`)) ?? Date.now();
  };
  const checkOut = (commit: string) => person.git("checkout", "--quiet", "--force", "--detach", commit);
  return {
    commits: () => mergeCommits(person),
    run: async (commit, branch = "dev") => {
      const began = Date.now();
      await person.git("fetch", "--quiet", "--no-tags", "origin", `refs/heads/${branch}`);
      await checkOut(commit);
      return ((await deploy()) - began) / 1000;
    },
    runCold: async (commit) => {
      const before = person.clone;
      const began = Date.now();
      person = await cloneAnew();
      await copyStates(before, person.clone);
      await checkOut(commit);
      await run(person.clone, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
      return ((await deploy()) - began) / 1000;
    },
    close: async () => {
      await destroyStacks(person.clone, stacks, run);
      await rm(home, { recursive: true, force: true });
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

/** By hand, the application keeps its state beside the code. */
async function copyStates(from: string, to: string): Promise<void> {
  const names = await readdir(from);
  const states = names.filter((name) => name.endsWith(".tfstate"));
  await Promise.all(states.map((name) => cp(path.join(from, name), path.join(to, name))));
}
