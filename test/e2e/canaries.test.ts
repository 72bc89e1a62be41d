import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { untilChecked, untilRecord } from "../../demo/stage/release.ts";
import { createStage, type Stage } from "../../demo/stage/stage.ts";
import { until } from "../../demo/stage/wait.ts";
import { untilSettled } from "../../demo/tour/deployed.ts";
import { bootstrap } from "../../demo/tour/steps/bootstrap.ts";
import { install } from "../../demo/tour/steps/install.ts";
import { readToken, release } from "../canaries/support/app.ts";
import { type ArgumentSampler, sampleArguments } from "../canaries/support/arguments.ts";
import { environmentCanaries, surroundings, tokenCanaries } from "../canaries/support/canaries.ts";
import { filesIn } from "../canaries/support/files.ts";
import { places, stateFiles, temporary } from "../canaries/support/places.ts";
import { type Canary, leaks, lookalikes, type Place } from "../canaries/support/scan.ts";
import { freshDirectory } from "../support/directory.ts";
import { ask } from "../support/redis.ts";
import { openWitness, type Witness } from "./witness.ts";

/** A text that is really put everywhere: who looks for secrets and misses this one looks in the wrong places. */
const decoy = `decoy-${randomBytes(8).toString("hex")}`;
let stage: Stage;
let witness: Witness;
let sampler: ArgumentSampler;
let canaries: readonly Canary[];
let found: readonly Place[];

describe.runIf(process.platform === "linux")("no secret leaves its place", () => {
  beforeAll(async () => {
    const directory = await freshDirectory();
    witness = await openWitness();
    stage = await createStage(directory, {
      surroundings: { ...surroundings(), TMPDIR: temporary(directory) },
    });
    // A stage begins with an empty directory.
    await mkdir(temporary(directory));
    sampler = await sampleArguments();
    const memory = { commits: new Map(), mergeToTag: [] };
    await bootstrap.play(stage, memory);
    await install.play(stage, memory);
  });

  afterAll(async () => {
    witness.release();
    await sampler.stop();
    await stage.close();
    await witness.close();
  });

  it("when a deployment succeeds whose script prints one", async () => {
    const { commit, at } = await release(stage, "works", 'echo "the token is $TOKEN"');
    await untilRecord(stage, "dev", 1, at);
    const check = await untilChecked(stage, commit, "deploy/dev");
    expect(check.conclusion).toBe("success");
    expect(check.summary).toContain("Ran in a sandbox");
  });

  it("when one fails whose script prints one", async () => {
    const { commit } = await release(stage, decoy, 'echo "bad token: $TOKEN" >&2; exit 1');
    const check = await untilChecked(stage, commit, "deploy/dev");
    expect(check).toMatchObject({
      conclusion: "failure",
      summary: expect.stringContaining("bad token: ***"),
    });
  });

  it("when the worker is killed in mid-apply", async () => {
    const question = `node -e 'fetch("${witness.url}", { method: "POST", body: process.env.TOKEN })'`;
    const { at } = await release(stage, "killed", question);
    await until("the script", async () => witness.asked.length > 0);
    await stage.killWaymark();
    expect(await planFiles()).not.toEqual([]);
    await stage.startWaymark();
    witness.release();
    await untilRecord(stage, "dev", 2, at);
    await untilSettled(stage, "dev", 2);
    expect(await planFiles()).toEqual([]);
    expect(witness.asked).toContain(await readToken(stage));
  });

  it("wherever one looks", async () => {
    canaries = [
      { name: "the state's secret", secret: await readToken(stage), allowed: stateFiles },
      ...(await environmentCanaries(stage)),
      ...tokenCanaries(stage),
    ];
    await plantDecoys();
    found = [...(await places(stage)), await sampler.stop()];
    expect(leaks(canaries, found)).toEqual([]);
    expect(lookalikes(found)).toEqual([]);
    expect(lookalikes([{ name: "here", content: tokenCanaries(stage)[0]?.secret ?? "" }])).toEqual(["here"]);
  });

  it("and the state's secret is found where it belongs", () => {
    const unforgiven = canaries.map(({ name, secret }) => ({ name, secret }));
    const [state, backup] = leaks(unforgiven, found);
    expect(state).toMatch(/^the state's secret in home\/.*\.tfstate$/);
    expect(backup).toMatch(/\.tfstate\.backup$/);
  });

  it.each([
    "logs/",
    "home/",
    "tmp/",
    "redis/",
    "Redis ",
    "page ",
    "git objects",
    "requests to GitHub",
    "deliveries",
    "argument lists",
  ])("and a leak would be seen: %s", (place) => {
    const seen = leaks([{ name: "the decoy", secret: decoy }], found);
    expect(seen.filter((leak) => leak.startsWith(`the decoy in ${place}`))).not.toEqual([]);
  });
});

/** Plans hold every value in the clear, compressed: while a run needs one it is there, and never longer. */
async function planFiles(): Promise<string[]> {
  const names = (await filesIn(stage.directory, "home")).map(({ name }) => name);
  return names.filter((name) => name.endsWith("waymark.plan"));
}

/** The name of a branch came into GitHub by itself; the other places are told here. */
async function plantDecoys(): Promise<void> {
  const { directory } = stage;
  await appendFile(
    path.join(directory, "logs", "worker.log"),
    Buffer.from(`leaked: ${decoy}`).toString("base64"),
  );
  for (const place of ["home", "tmp"]) await writeFile(path.join(directory, place, "leaked"), decoy);
  await ask(await stage.redisUrl(), "HSET", "leaked", "value", decoy);
  await promisify(execFile)("sleep", ["0.05", "0.0", `--=${decoy}`]).catch(() => undefined);
}
