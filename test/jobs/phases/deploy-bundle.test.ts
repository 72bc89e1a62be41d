import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Remark } from "../../../promotion/report/remarks.ts";
import { freshDirectory } from "../../support/directory.ts";
import { privateDirectory } from "./support/app.ts";
import { applied } from "./support/outcome.ts";
import { tools, useWorld, world } from "./support/scene.ts";
import { makeWorld } from "./support/world.ts";

useWorld();

test("a stored bundle is applied again without the repository, under the same digest", async () => {
  const first = applied(await world.deploy({ only: { input: "old" } }));
  applied(await world.deploy({ only: { input: "new" } }));
  const back = applied(await world.deployWith({ bundle: first.bundle }));
  expect(back.bundle).toBe(first.bundle);
  expect(await world.outputs("only")).toMatchObject({ value: "old" });
});

test("a bundle that is applied again as it is is not stored once more", async () => {
  const { bundle } = applied(await world.deploy({ only: {} }));
  const store = join(world.input({}).store.directory, "bundles");
  const { mtimeMs } = await stat(store);
  applied(await world.deployWith({ bundle }));
  expect((await stat(store)).mtimeMs).toBe(mtimeMs);
});

test("a rollback keeps the variables that were sealed, whatever the policy says by now", async () => {
  const { bundle } = applied(await world.deploy({ only: {} }, { policy: { variables: { PORT: "1" } } }));
  const back = applied(await world.deployWith({ bundle, policy: { variables: { PORT: "2" } } }));
  expect(back.bundle).toBe(bundle);
});

test("a bundle is bound anew when the environment's state has moved", async () => {
  const { bundle } = applied(await world.deploy({ only: {} }));
  const directory = await privateDirectory(await freshDirectory(), "moved");
  const binding = { ...world.input({}).binding, backend: { type: "local", directory } } as const;
  applied(await world.deployWith({ bundle, binding }));
  expect(await readdir(join(directory, "7"))).toContain("only.tfstate");
});

test("a bundle names its files, the tools that made it and the policy's variables", async () => {
  const { bundle } = applied(await world.deploy({ only: {} }, { policy: { variables: { PORT: "4101" } } }));
  const directory = join(world.input({}).store.directory, "bundles", bundle);
  const manifest = JSON.parse(await readFile(join(directory, "manifest.json"), "utf8"));
  expect(manifest.tools).toMatchObject({ cdktf: "0.24.0", [tools.terraform.name]: tools.terraform.version });
  expect(manifest.variables).toEqual({ PORT: "4101" });
  expect(manifest.files.map(({ path }: { path: string }) => path)).toEqual([
    "manifest.json",
    "stacks/only/cdk.tf.json",
  ]);
});

test("a bundle that is not there is a failure", async () => {
  const outcome = await world.deployWith({ bundle: "0".repeat(64) });
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "bundle-missing", source: "service" } });
});

test("a bundle that was sealed with another Terraform is applied all the same, and that is told", async () => {
  const older = { ...tools.terraform, version: "1.10.0" };
  const remarks: Remark[] = [];
  const io = { remark: (remark: Remark) => void remarks.push(remark) };
  const before = await makeWorld({ ...tools, terraform: older });
  const { bundle } = applied(await before.deploy({ only: {} }));
  const { binding, store } = before.input({});
  expect(applied(await world.deployWith({ bundle, binding, store, io })).bundle).toBe(bundle);
  const { name, version } = tools.terraform;
  expect(remarks).toEqual([{ kind: "other-tools", tools: [{ name, sealed: "1.10.0", now: version }] }]);
});
