import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { loadRegistry } from "../../adapters/registry/load.ts";
import { localBinding } from "../../adapters/registry/local-binding.ts";
import { merge, openPullRequest, retag, untilChecked, untilRecord } from "../../demo/stage/release.ts";
import { createStage, type Stage } from "../../demo/stage/stage.ts";
import { untilSettled } from "../../demo/tour/deployed.ts";
import { bootstrap } from "../../demo/tour/steps/bootstrap.ts";
import { install } from "../../demo/tour/steps/install.ts";
import { policyPath } from "../../promotion/policy.ts";
import { expectConformance } from "../conformance/conformance.ts";
import { freshDirectory } from "../support/directory.ts";

const fixture = path.resolve(import.meta.dirname, "../fixtures/cdktf-app");

let stage: Stage;

beforeAll(async () => {
  stage = await createStage(await freshDirectory());
  const memory = { commits: new Map(), mergeToTag: [] };
  await bootstrap.play(stage, memory);
  await install.play(stage, memory);
});

// Its resources are data only: nothing of them runs that would have to be ended.
afterAll(() => stage.close());

/** Merges the app on the archived cdktf into dev, with a message that its policy gives to synth. */
async function release(message: string): Promise<{ commit: string; at: number }> {
  const { bob } = stage.people;
  await bob.git("fetch", "--quiet", "origin");
  await bob.git("checkout", "--quiet", "-B", message, "origin/dev");
  await cp(fixture, bob.clone, {
    recursive: true,
    filter: (source) => path.basename(source) !== "node_modules",
  });
  const policy = `version: 1\nenvironments:\n  dev: { outputs: [text], variables: { MESSAGE: ${message} } }\n`;
  await writeFile(path.join(bob.clone, policyPath), policy);
  await bob.git("add", "--all");
  await bob.git("commit", "--quiet", "--message", message);
  await bob.git("push", "--quiet", "origin", `refs/heads/${message}`);
  return await merge(stage, await openPullRequest(stage, message, "dev", message));
}

const state = z.object({ outputs: z.object({ text: z.object({ value: z.string() }) }) });

/** What dev's Terraform state says that was applied. */
async function appliedText(): Promise<string> {
  const registry = await loadRegistry(path.join(stage.directory, "home", "core", "registry.json"));
  const [binding] = registry.bindings.filter(({ environment }) => environment === "dev").map(localBinding);
  const file = path.join(binding?.backend.directory ?? "", String(stage.repository.id), "sign.tfstate");
  return state.parse(JSON.parse(await readFile(file, "utf8"))).outputs.text.value;
}

it("an app on cdktf 0.21 is merged, deployed and rolled back like any other", async () => {
  const hello = await release("hello");
  await untilRecord(stage, "dev", 1, hello.at);
  expect((await untilChecked(stage, hello.commit, "deploy/dev")).conclusion).toBe("success");
  expect(await appliedText()).toBe("hello from dev");

  const goodbye = await release("goodbye");
  await untilRecord(stage, "dev", 2, goodbye.at);
  expect(await appliedText()).toBe("goodbye from dev");
  await untilSettled(stage, "dev", 2);

  await retag(stage.people.alice, "dev", hello.commit);
  await untilSettled(stage, "dev", 3);
  expect(await appliedText()).toBe("hello from dev");
  expect((await untilChecked(stage, hello.commit, "deploy/dev/request")).conclusion).toBe("success");
  await expectConformance(stage.github);
});
