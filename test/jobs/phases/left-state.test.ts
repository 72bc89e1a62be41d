import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { keepLeftState } from "../../../adapters/terraform/left-state.ts";
import { adoptRunning } from "../../../jobs/phases/adopt-running.ts";
import type { DeploymentProgress } from "../../../jobs/phases/deployment.ts";
import { writeJournal, writePlace } from "../../../jobs/phases/journal.ts";
import { makeTry, runDirectory } from "../../../jobs/phases/run-directory.ts";
import { freshDirectory } from "../../support/directory.ts";
import { applied } from "./support/outcome.ts";
import { tools, useWorld, world } from "./support/scene.ts";
import { makeWorld } from "./support/world.ts";

useWorld();

/** A state without resources, so that the next apply must first make a backup file beside it. */
const empty = { json: { resource: undefined, output: { made: { value: "nothing" } } } };

/** Creates something, says so in a log, and leaves the state's directory unwritable. */
const locksOut = () => {
  const log = join(world.state, "created.log");
  return { command: `echo created >>${log}; chmod 500 ${world.state}` };
};

const created = async () => (await readFile(join(world.state, "created.log"), "utf8")).split("\n").length - 1;

const kept = async () => {
  const { store } = world.input({});
  return await readdir(join(store.directory, "unsaved/7")).catch(() => []);
};

// Root may write everywhere; inside of a sandbox it has no such power.
describe.runIf(process.platform === "linux")("a state directory that refuses writes", () => {
  test("for a while: the state is stored later, and nothing is created twice", async () => {
    applied(await world.deploy({ only: empty }));
    const progress = ({ waiting }: DeploymentProgress) => {
      if (waiting !== undefined) void chmod(world.state, 0o700);
    };
    const outcome = await world.deploy({ only: locksOut() }, { io: { progress } });
    expect(applied(outcome).stacks).toMatchObject([{ result: "applied", adds: 0, tries: 2 }]);
    expect(await created()).toBe(1);
    expect(await kept()).toEqual([]);
    expect(await world.outputs("only")).toHaveProperty("value");
  });

  test("until the attempt is over: the state is kept, and the next attempt stores it before it plans", async () => {
    applied(await world.deploy({ only: empty }));
    const retry = { maxAttempts: 2, backoffMultiplier: 1 };
    const app = { only: locksOut() };
    const outcome = await world.deploy(app, { policy: { retry } });
    expect(outcome).toMatchObject({
      kind: "failed",
      failure: { code: "state-not-saved", source: "service", next: expect.stringContaining("re-run") },
    });
    expect(await kept()).toEqual(["only.tfstate"]);
    await chmod(world.state, 0o700);
    expect(applied(await world.deploy(app)).stacks).toMatchObject([{ result: "applied", adds: 0 }]);
    expect(await created()).toBe(1);
    expect(await kept()).toEqual([]);
  });

  test("and somebody else stores another state meanwhile: neither is lost, and people decide", async () => {
    applied(await world.deploy({ only: empty }));
    const retry = { maxAttempts: 1, backoffMultiplier: 1 };
    await world.deploy({ only: locksOut() }, { policy: { retry } });
    await chmod(world.state, 0o700);
    const rival = await makeWorld(tools);
    const { binding } = world.input({});
    applied(await rival.deploy({ only: { input: "theirs" } }, { binding }));
    const outcome = await world.deploy({ only: {} });
    expect(outcome).toMatchObject({
      kind: "failed",
      failure: {
        code: "state-not-saved",
        class: "configuration",
        next: expect.stringContaining("Somebody else"),
      },
    });
    expect(await kept()).toEqual(["only.tfstate"]);
    expect(await world.outputs("only")).toMatchObject({ value: "theirs" });
  });
});

const state = JSON.stringify({ version: 4, serial: 3, lineage: "l", outputs: {} });

test("the state that a dead worker's apply left is kept for the next deployment", async () => {
  const [attemptId, directory] = ["a".repeat(40), await freshDirectory()];
  const unsaved = join(await freshDirectory(), "unsaved/7/only.tfstate");
  const run = await makeTry(runDirectory(tools.home, 7, "adopted", attemptId));
  await mkdir(join(run, "stacks/only/apply"), { recursive: true });
  await writeJournal(run, {
    attemptId,
    repositoryId: 7,
    environment: "adopted",
    commit: "c",
    settled: false,
  });
  await writePlace(join(run, "stacks/only"), { directory, unsaved, isLocal: true });
  await writeFile(join(directory, "errored.tfstate"), state);
  await adoptRunning(tools.home, 7, "adopted");
  expect(JSON.parse(await readFile(unsaved, "utf8"))).toMatchObject({ serial: 4, lineage: "l" });
  expect(await readdir(directory)).toEqual([]);
});

test("a link in the place of a left state is never followed", async () => {
  const [directory, elsewhere] = [await freshDirectory(), await freshDirectory()];
  await writeFile(join(elsewhere, "secret"), state);
  await symlink(join(elsewhere, "secret"), join(directory, "errored.tfstate"));
  const place = { directory, run: directory, unsaved: join(elsewhere, "unsaved"), isLocal: true };
  await expect(keepLeftState(place)).rejects.toMatchObject({ code: "file-refused" });
  expect(await readdir(elsewhere)).toEqual(["secret"]);
});

test("what is no state is not taken for one, and stays where it is", async () => {
  const directory = await freshDirectory();
  await writeFile(join(directory, "errored.tfstate"), "{}");
  const place = {
    directory,
    run: directory,
    unsaved: join(await freshDirectory(), "unsaved"),
    isLocal: true,
  };
  await expect(keepLeftState(place)).rejects.toMatchObject({ code: "state-damaged" });
  expect(await readdir(directory)).toEqual(["errored.tfstate"]);
});
