import { cp } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { detectSandbox } from "../../../adapters/sandbox/detect.ts";
import { freshDirectory } from "../../support/directory.ts";
import { applied, results } from "./support/outcome.ts";
import { tools, useWorld, world } from "./support/scene.ts";
import { makeWorld } from "./support/world.ts";

useWorld();

test("a real CDKTF app is applied, stack after stack, into the environment's own state", async () => {
  const checkout = await freshDirectory();
  await copyApp("tiny-app", checkout);
  const outcome = applied(await world.deployWith({ worktree: checkout, policy: { outputs: ["greeting"] } }));
  expect(results(outcome)).toEqual({ base: "applied", side: "applied", top: "applied" });
  const top = outcome.stacks.find(({ stack }) => stack === "top");
  expect(top).toMatchObject({
    adds: 1,
    outputs: [{ name: "greeting", value: "hello dev" }, { name: "token" }],
  });
  expect(await world.outputs("top")).toMatchObject({ greeting: "hello dev" });
  expect(JSON.stringify(outcome)).not.toContain("sensitive-value");
});

test("one that is not synthesized again still finds its dependencies in its own verification", async () => {
  const tree = "7".repeat(40);
  const [first, second] = [await freshDirectory(), await freshDirectory()];
  await copyApp("tiny-app", first);
  applied(await world.deployWith({ worktree: first, tree }));
  const io = { checkout: () => copyApp("tiny-app", second) };
  const verify = { command: ["node", "-e", "require('cdktn/package.json')"], within: 30 };
  const outcome = applied(await world.deployWith({ worktree: second, tree, policy: { verify }, io }));
  expect(results(outcome)).toEqual({ base: "unchanged", side: "unchanged", top: "unchanged" });
});

test("an app written on the archived cdktf is deployed alike", async () => {
  const checkout = await freshDirectory();
  await copyApp("cdktf-app", checkout);
  const policy = { outputs: ["text"], variables: { MESSAGE: "hi" } };
  applied(await world.deployWith({ worktree: checkout, policy }));
  expect(await world.outputs("sign")).toMatchObject({ text: "hi from dev" });
});

async function copyApp(name: string, checkout: string): Promise<void> {
  const filter = (path: string) => !path.includes("node_modules");
  await cp(join(import.meta.dirname, "../../fixtures", name), checkout, { recursive: true, filter });
}

test("without a sandbox the same is deployed", async () => {
  const home = await freshDirectory();
  const plain = await makeWorld({ ...tools, home, sandbox: await detectSandbox("off") });
  const checkout = await freshDirectory();
  await copyApp("tiny-app", checkout);
  const outcome = applied(await plain.deployWith({ worktree: checkout, runDirectory: join(home, "run") }));
  expect(results(outcome)).toEqual({ base: "applied", side: "applied", top: "applied" });
});
