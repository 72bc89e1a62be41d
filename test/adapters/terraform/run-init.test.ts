import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { init, plan } from "../../../adapters/terraform/terraform.ts";
import { validate } from "../../../adapters/terraform/validate.ts";
import type { TerraformTools } from "../../../adapters/terraform/workspace.ts";
import { freshDirectory } from "../../support/directory.ts";
import { fakeSource } from "./support/fake-provider.ts";
import { terraformHere } from "./support/machine.ts";
import { startMirror } from "./support/mirror-server.ts";
import { linkIn, pinningWorkspace, sharingMachine, wanting } from "./support/shared-providers.ts";

const { signal } = new AbortController();

let base: TerraformTools;
beforeAll(async () => {
  base = await terraformHere();
});

let root: string;
beforeEach(async () => {
  root = await freshDirectory();
});

/** What may be gone of the cache: all of it, or what somebody who deletes it has come to so far. */
const losses: Readonly<Record<string, (cache: string) => void>> = {
  everything: (cache) => rmSync(cache, { recursive: true }),
  "the packages": (cache) =>
    eachEntry(cache, (entry) => rmSync(join(entry, "providers"), { recursive: true })),
  "the program": (cache) =>
    eachEntry(cache, (entry) => {
      const version = join(entry, "providers", fakeSource, "1.0.0");
      for (const platform of readdirSync(version)) {
        rmSync(join(version, platform), { recursive: true });
        mkdirSync(join(version, platform));
      }
    }),
  "the lock file": (cache) => eachEntry(cache, (entry) => rmSync(join(entry, "lock"))),
};

function eachEntry(cache: string, act: (entry: string) => void): void {
  for (const name of readdirSync(cache)) act(join(cache, name));
}

/** Tools under which something happens whenever a program of the stack's own is about to start. */
function atEachStart(tools: TerraformTools, happens: () => void): TerraformTools {
  let isOwn = false;
  return {
    ...tools,
    // What is fetched for all has none to ask for.
    credentials: async () => {
      isOwn = true;
      return { variables: {}, until: undefined };
    },
    sandbox: {
      ...tools.sandbox,
      wrap: (command) => {
        if (isOwn) happens();
        isOwn = false;
        return tools.sandbox.wrap(command);
      },
    },
  };
}

test.each(["everything", "the packages", "the program"])(
  "%s that goes just before an init would link to it costs a copy",
  async (what) => {
    await using server = await startMirror();
    let starts = 0;
    const tools = atEachStart(await sharingMachine(base, root, server), () => {
      if (starts === 0) losses[what]?.(join(root, "cache"));
      starts += 1;
    });
    const workspace = await pinningWorkspace(root, wanting("1.0.0"), tools);
    await init(workspace, tools, signal);
    expect(starts).toBe(2);
    expect(await linkIn(workspace)).toBeUndefined();
  },
);

test.each(Object.keys(losses))("%s that goes between two inits is fetched again", async (what) => {
  await using server = await startMirror();
  const tools = { ...(await sharingMachine(base, root, server)), initCache: join(root, "inits") };
  await init(await pinningWorkspace(root, wanting("1.0.0"), tools), tools, signal);
  losses[what]?.(join(root, "cache"));
  const next = await pinningWorkspace(root, wanting("1.0.0"), tools);
  await init(next, tools, signal);
  expect(await readdir((await linkIn(next)) ?? "")).toEqual(["terraform-provider-fake_v1.0.0"]);
  expect(server.archives).toHaveLength(2);
});

test.each(["everything", "the program"])("%s that goes after init is missed by name", async (what) => {
  await using server = await startMirror();
  const tools = await sharingMachine(base, root, server);
  const workspace = await pinningWorkspace(root, wanting("1.0.0"), tools);
  await init(workspace, tools, signal);
  losses[what]?.(join(root, "cache"));
  // By which whoever deploys begins anew.
  const lost = { code: "providers-lost" };
  await expect(plan(workspace, tools, { signal, lockTimeout: 0 })).rejects.toMatchObject(lost);
  await expect(validate(workspace, tools, signal)).rejects.toMatchObject(lost);
});

test("a cache that goes while it is filled is done without", async () => {
  await using server = await startMirror((path) => {
    if (path.endsWith(".zip")) rmSync(join(root, "cache"), { recursive: true, force: true });
  });
  const tools = await sharingMachine(base, root, server);
  const workspace = await pinningWorkspace(root, wanting("1.0.0"), tools);
  await init(workspace, tools, signal);
  expect(await linkIn(workspace)).toBeUndefined();
});

test("an init that fails for another reason is not run twice", async () => {
  await using server = await startMirror();
  let starts = 0;
  const tools = atEachStart(await sharingMachine(base, root, server), () => {
    starts += 1;
  });
  const { terraform } = wanting("1.0.0");
  const broken = await pinningWorkspace(
    root,
    { terraform: { ...terraform, backend: { unheard_of: {} } } },
    tools,
  );
  await expect(init(broken, tools, signal)).rejects.toThrow("unheard_of");
  expect(starts).toBe(1);
});
