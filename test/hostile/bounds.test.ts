import { mkdir } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect } from "vitest";
import { listTree } from "../../adapters/artifacts/tree.ts";
import { backendFor } from "../../adapters/synth/backend-block.ts";
import { bindBackends } from "../../adapters/synth/bind.ts";
import { readManifest } from "../../adapters/synth/manifest.ts";
import { type Bounds, boundsOf } from "../../adapters/synth/refusals/bounds.ts";
import { freshDirectory } from "../support/directory.ts";
import { attack, type Table } from "./support/hostile-case.ts";
import { type Output, snapshot, writeOutput } from "./support/output.ts";
import { forbiddenTable } from "./tables/forbidden.ts";
import { identityTable } from "./tables/identity.ts";
import { placeTable } from "./tables/places.ts";

let output: string;
beforeEach(async () => {
  output = path.join(await freshDirectory(), "output");
  await mkdir(output);
});

const binding = { backend: { type: "local", directory: "/srv/state/1/dev" } } as const;

async function bind(bounds: Bounds): Promise<void> {
  const files = await listTree(output);
  const manifest = await readManifest(output, files);
  const backendOf = (stack: string) => backendFor(binding, 1, stack);
  await bindBackends(output, files, manifest, { backendOf, bounds });
}

/** Each case is refused where it is forbidden, and only there: nothing else is wrong with it. */
function refuses(cases: Table<Output>, bounds: Bounds): void {
  attack(cases, async ({ input, refused }) => {
    await writeOutput(output, input);
    const before = await snapshot(output);
    const refusal = { code: refused, source: "user", next: expect.stringMatching(/\w/) };
    await expect(bind(bounds)).rejects.toMatchObject(refusal);
    expect(await snapshot(output)).toEqual(before);
    await bind(boundsOf({}, []));
  });
}

describe("a place of another environment", () => {
  refuses(
    placeTable,
    boundsOf({}, [
      "waymark-prod-state-333333333333",
      "waymark-dev-state-222222222222/acme/site",
      "arn:aws:iam::333333333333:role/waymark/waymark-prod-apply",
      "role/waymark/waymark-prod-apply",
      "0c7a6f6e-6c0f-4f0a-9d5b-1f2e3d4c5b6a",
      "/srv/state/1/prod",
    ]),
  );
});

describe("an identity of the app's own", () => {
  const aws = { assumable: ["arn:aws:iam::222222222222:role/deployer"] };
  refuses(identityTable, { foreign: [], aws, forbids: undefined });
});

describe("what the binding forbids", () => {
  const forbids = {
    backends: ["consul"],
    providers: ["hashicorp/http"],
    dataSources: ["aws_secretsmanager_secret_version"],
    resources: ["terraform_data"],
  };
  refuses(forbiddenTable, boundsOf({ forbids }, []));
});
