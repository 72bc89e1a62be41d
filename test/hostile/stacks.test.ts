import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect } from "vitest";
import { listTree } from "../../adapters/artifacts/tree.ts";
import { backendFor } from "../../adapters/synth/backend-block.ts";
import { bindBackends } from "../../adapters/synth/bind.ts";
import { readManifest } from "../../adapters/synth/manifest.ts";
import { boundsOf } from "../../adapters/synth/refusals/bounds.ts";
import { arrangeStacks } from "../../promotion/stack-graph.ts";
import { freshDirectory } from "../support/directory.ts";
import { attack } from "./support/hostile-case.ts";
import { type Output, outputOf, snapshot, writeOutput } from "./support/output.ts";
import { backendTable, stackTable } from "./tables/stacks.ts";

/** Holds the output and a neighbour. */
let parent: string;
let output: string;

beforeEach(async () => {
  parent = await freshDirectory();
  output = path.join(parent, "output");
  await mkdir(path.join(parent, "neighbour"));
  await mkdir(output);
});

const binding = { backend: { type: "local", directory: "/srv/state/dev" } } as const;

/** What a deployment does with an output before Terraform sees it. */
async function bind(): Promise<void> {
  const files = await listTree(output);
  const manifest = await readManifest(output, files);
  arrangeStacks(manifest.stacks);
  const backendOf = (stack: string) => backendFor(binding, 7, stack);
  await bindBackends(output, files, manifest, { backendOf, bounds: boundsOf({}, []) });
}

describe("an output that is refused", () => {
  attack<Output>(stackTable, async ({ input, refused }) => {
    await writeOutput(output, input);
    const before = await snapshot(parent);
    const refusal = { code: refused, source: "user", next: expect.stringMatching(/\w/) };
    await expect(bind()).rejects.toMatchObject(refusal);
    expect(await snapshot(parent)).toEqual(before);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe("a backend of the app's own", () => {
  attack(backendTable, async ({ input }) => {
    await writeOutput(output, outputOf({ a: { json: { terraform: { backend: input } } } }));
    await bind();
    const bound = JSON.parse(await readFile(path.join(output, "stacks/a/cdk.tf.json"), "utf8"));
    expect(bound).toEqual({ terraform: { backend: { local: { path: "/srv/state/dev/7/a.tfstate" } } } });
  });
});
