import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRandom } from "../../simulation/random.ts";
import { faultyApp } from "./support/faults.ts";
import { applied, results } from "./support/outcome.ts";
import { makeTools, makeWorld } from "./support/world.ts";

const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
const wishes = names.map((name) => `go on with ${name}`);

test.each([2, 5])(
  "seed %i: everything comes to its end, and nothing is done twice",
  async (seed) => {
    const world = await makeWorld(await makeTools());
    const { app, deeds, ...expected } = faultyApp(createRandom(seed), names, world.state);
    const done = async () => (await readFile(join(world.state, "deeds"), "utf8")).trim().split("\n").sort();

    const first = await world.deploy(app, { policy: { parallelism: 4 } });
    expect(results(first)).toEqual(expected.results);
    expect(new Set(await done()).size).toBe((await done()).length);

    await writeFile(join(world.state, "mended"), "");
    let last = first;
    // Who was never run before may be killed only now.
    for (const asked of wishes) if (last.kind !== "applied") last = await world.deploy(app, { asked });
    applied(last);
    expect(await done()).toEqual([...deeds].sort());
  },
  120_000,
);
