import type { Mode } from "../../../../promotion/mode.ts";
import { policyPath } from "../../../../promotion/policy.ts";
import { type AppSpec, appFiles } from "../../../jobs/phases/support/app.ts";
import type { Witness } from "./witness.ts";

export const ordinaryStacks = ["shop"] as const;

/** What a test wants to be different about a version of the application. */
export interface VersionOptions {
  /** Stacks that are applied one after another, the ordinary ones unless told. */
  readonly stacks?: readonly string[];
  /** An address that must answer after an apply, and how soon. */
  readonly health?: { readonly url: string; readonly within: string };
  /** Whether what deletes or replaces something waits for an approval. */
  readonly mode?: Mode;
  /** Its synth waits at a door. */
  readonly door?: boolean;
}

/** The files of one version of the application: its resources tell the witness, it needs no packages. */
export function applicationFiles(
  witness: Witness,
  version: string,
  { stacks = ordinaryStacks, door = false, ...wishes }: VersionOptions,
): Readonly<Record<string, string>> {
  const entries = stacks.map((stack, index) => {
    const before = stacks[index - 1];
    const dependencies = before === undefined ? [] : [before];
    return [stack, { input: version, command: witness.command(stack, version), dependencies }] as const;
  });
  const spec: AppSpec = Object.fromEntries(entries);
  const { "main.mjs": main = "", ...rest } = appFiles(spec);
  return {
    ...rest,
    "main.mjs": door ? `import "./door.mjs";\n${main}` : main,
    ...(door ? { "door.mjs": doorProgram } : {}),
    ...(Object.keys(wishes).length === 0 ? {} : { [policyPath]: policyWith(wishes) }),
  };
}

function policyWith({ health, mode }: Pick<VersionOptions, "health" | "mode">): string {
  return JSON.stringify({ version: 1, environments: { dev: { health: health ? [health] : [], mode } } });
}

/** Files that stand for the door in a checkout: synth has no network. */
export const doorFiles = { waiting: "waiting", open: "open" } as const;

/** Ends by itself when the checkout is gone. */
const doorProgram = `
import { existsSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
writeFileSync("${doorFiles.waiting}", "");
while (existsSync("${doorFiles.waiting}") && !existsSync("${doorFiles.open}")) await setTimeout(20);
`;
