import { writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sampleArguments } from "../../canaries/support/arguments.ts";
import { filesIn } from "../../canaries/support/files.ts";
import { leaks } from "../../canaries/support/scan.ts";
import { type AwsWorld, begunIn, makeAwsWorld, moto, useAws, waitingScript } from "./support/aws.ts";
import { applied } from "./support/outcome.ts";
import { type RecordingProxy, recordingProxy } from "./support/recording-proxy.ts";

useAws();

let proxy: RecordingProxy;
let world: AwsWorld;
beforeEach(async () => {
  proxy = await recordingProxy(moto.url);
  world = await makeAwsWorld(proxy.url);
});
afterEach(() => proxy[Symbol.asyncDispose]());

const canaries = () => proxy.secrets.map((secret, index) => ({ name: `key ${index}`, secret }));
const files = async () => await filesIn(world.tools.home, ".");

test("who plans only reads, and locks nothing; who applies writes", async () => {
  applied(await world.deploy({ base: {}, above: { dependencies: ["base"] } }));
  const states = proxy.asked.filter(({ path }) => path.includes("state"));
  const methods = (role: string) =>
    new Set(states.filter((one) => one.role === role).map(({ method }) => method));
  expect(methods("waymark-dev-plan")).toEqual(new Set(["GET", "HEAD"]));
  expect(methods("waymark-dev-apply")).toEqual(new Set(["GET", "HEAD", "PUT", "DELETE"]));
  expect(new Set(states.map(({ role }) => role))).toEqual(new Set(["waymark-dev-plan", "waymark-dev-apply"]));
});

test("where nothing is applied, the sessions are called after the mode", async () => {
  expect(await world.deploy({ base: {} }, { mode: "whatif" })).toMatchObject({ kind: "stopped" });
  expect([...proxy.sessions].sort()).toEqual(["waymark-dev-whatif-artifacts", "waymark-dev-whatif-plan"]);
});

test("keys lie in no file and no argument list, neither while an apply runs nor afterwards", async () => {
  const attemptId = "f".repeat(40);
  const seen = await sampleArguments();
  const deployment = world.deploy({ quiet: { command: waitingScript } }, { attemptId });
  const go = await begunIn(world, attemptId, "quiet");
  const during = await files();
  await writeFile(go, "");
  const outcome = applied(await deployment);
  const everything = [...during, ...(await files()), await seen.stop()];
  const told = { name: "what was told", content: JSON.stringify([outcome, world.told]) };
  expect([canaries().length >= 6, during.length > 10]).toEqual([true, true]);
  expect(leaks(canaries(), [...everything, told])).toEqual([]);
});

test("a script that fails and prints its keys is told without them, and leaves them in no file", async () => {
  const outcome = await world.deploy({ loud: { command: "env; exit 3" } });
  expect(outcome).toMatchObject({
    failure: { code: "provisioner-failed", message: expect.stringContaining("AWS_SESSION_TOKEN=***") },
  });
  const told = { name: "what was told", content: JSON.stringify(outcome) };
  expect(leaks(canaries(), [...(await files()), told])).toEqual([]);
});

test("an output that an app makes of its keys is shown without them", async () => {
  const outputs = { mine: `\${file(terraform_data.thing.id == "" ? "" : "mine")}` };
  const command = `printf '%s' "$AWS_SECRET_ACCESS_KEY" > mine`;
  const outcome = applied(await world.deploy({ curious: { command, outputs } }));
  expect(outcome.stacks[0]?.outputs).toContainEqual({ name: "mine", value: "***" });
  expect(JSON.stringify(outcome)).not.toContain(proxy.secrets[1]);
});
