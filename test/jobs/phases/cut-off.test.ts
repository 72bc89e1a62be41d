import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { adoptRunning } from "../../../jobs/phases/adopt-running.ts";
import type { DeploymentTools } from "../../../jobs/phases/deployment.ts";
import { applied, results, stopped } from "./support/outcome.ts";
import { startWorker } from "./support/start-worker.ts";
import { makeTools, makeWorld, type World } from "./support/world.ts";

const patience = { timeout: 30_000 };
let tools: DeploymentTools;
let world: World;

beforeAll(async () => {
  tools = await makeTools();
});

beforeEach(async () => {
  world = await makeWorld({ ...tools, home: join(tools.home, Math.random().toString(36).slice(2)) });
});

const place = (name: string) => join(world.state, name);
/** What the scripts of resources did, in their own words. */
const deeds = async () => (await readFile(place("deeds"), "utf8")).trim().split("\n");
const deed = () => `echo done >>${place("deeds")}`;
/** A script that has done its deed when it kills its Terraform, so often. */
const deadly = (times: number) => `${deed()}; [ $(wc -l <${place("deeds")}) -gt ${times} ] || kill -9 $PPID`;

describe("an apply that is killed while it creates something", () => {
  test("is not repeated: what may be there already is listed, and what does not need it goes on", async () => {
    // Terraform writes the state whenever something is complete, and by then takes the other one for made as well.
    const complete = {
      ...provisioned(`until [ -e ${place("deeds")} ]; do sleep 0.05; done`),
      input: "complete",
    };
    const thing = provisioned(
      `${deed()}; until grep -q complete ${place("made.tfstate")}; do sleep 0.05; done; kill -9 $PPID`,
    );
    const json = { resource: { terraform_data: { complete, thing } } };
    const app = { made: { json }, above: { dependencies: ["made"] }, beside: {} };
    const outcome = stopped(await world.deploy(app));
    expect(outcome.stop).toMatchObject({
      code: "end-unknown",
      message: expect.stringMatching(/how far it came: `made: terraform_data\.thing`\.$/),
      next: expect.stringContaining("press Resume"),
    });
    expect(results(outcome)).toEqual({ made: "waiting", above: "not-run", beside: "applied" });
    expect(await deeds()).toEqual(["done"]);
  });

  test("holds what comes by itself, and the wish that it answered; a later wish goes on", async () => {
    const app = { made: { command: deadly(1) } };
    for (const asked of ["first", undefined, "first"]) {
      expect(stopped(await world.deploy(app, { asked })).stop.code).toBe("end-unknown");
    }
    expect(results(applied(await world.deploy(app, { asked: "second" })))).toEqual({ made: "applied" });
    expect(await deeds()).toEqual(["done", "done"]);
  });

  test("holds again when it is killed once more, however often somebody asked", async () => {
    const app = { made: { command: deadly(2) } };
    stopped(await world.deploy(app));
    expect(stopped(await world.deploy(app, { asked: "go on" })).stop.code).toBe("end-unknown");
    expect(await deeds()).toEqual(["done", "done"]);
  });

  test("holds also what does not want it any more: something may be left of it", async () => {
    stopped(await world.deploy({ made: { command: deadly(1) } }));
    const without = { made: { json: { resource: undefined, output: undefined } } };
    stopped(await world.deploy(without));
    applied(await world.deploy(without, { asked: "it is gone" }));
    applied(await world.deploy({ made: { command: deadly(1) } }));
  });

  test("together with its worker: the next one finds out, and holds", async () => {
    const app = { made: { command: `${deed()}; [ -e ${place("go")} ] || sleep 60` } };
    const worker = await startWorker(world, app);
    await expect.poll(() => readdir(world.state), patience).toContain("deeds");
    await worker.kill();
    await worker.killStep("stacks/made/apply");
    const leftovers = await adoptRunning(world.tools.home, 7, "dev");
    expect(leftovers).toContainEqual(expect.objectContaining({ step: "apply", exit: { kind: "unknown" } }));
    await writeFile(place("go"), "");
    const { stop } = stopped(await world.deploy(app, { supersedes: true }));
    expect(stop).toMatchObject({ code: "end-unknown", message: expect.stringContaining("made:") });
    expect(await deeds()).toEqual(["done"]);
    applied(await world.deploy(app, { asked: "go on", supersedes: true }));
    expect(await deeds()).toEqual(["done", "done"]);
  });
});

const provisioned = (command: string, when = "create") => ({
  input: "one",
  provisioner: [{ "local-exec": { when, command } }],
});

describe("a Terraform that is killed before or without creating anything", () => {
  /** What is deleted kills its Terraform, so often. */
  async function deleteWith(times: number) {
    const json = {
      resource: { terraform_data: { thing: provisioned(deadly(times), "destroy") } },
      output: undefined,
    };
    applied(await world.deploy({ only: { json } }));
    const changed = { ...provisioned(deadly(times), "destroy"), triggers_replace: "new" };
    return await world.deploy({
      only: { json: { ...json, resource: { terraform_data: { thing: changed } } } },
    });
  }

  test("is followed by a new plan, which does the rest", async () => {
    const outcome = applied(await deleteWith(1));
    expect(outcome.stacks).toMatchObject([{ result: "applied", tries: 2 }]);
  });

  test("again and again is a failure", async () => {
    const outcome = await deleteWith(9);
    expect(outcome).toMatchObject({ kind: "failed", exhausted: true, failure: { code: "terraform-killed" } });
    expect(await deeds()).toHaveLength(2);
  });

  test("while it plans is started anew", async () => {
    const held = world.deploy({ only: { command: `until [ -e ${place("go")} ]; do sleep 0.05; done` } });
    await expect.poll(() => readdir(world.state), patience).toContain(".only.tfstate.lock.info");
    const home = join(world.tools.home, "other");
    const worker = await startWorker(world, { only: {} }, home);
    await expect.poll(() => worker.read("stacks/only/plan/stdout"), patience).toContain("version");
    await worker.killProgram("stacks/only/plan");
    await expect.poll(() => worker.read("stacks/only/plan-2/child"), patience).not.toBe("");
    await writeFile(place("go"), "");
    applied(await held);
    await worker.ended;
    expect(await world.outputs("only")).toMatchObject({ waymark_attempt: worker.attemptId });
  });
});
