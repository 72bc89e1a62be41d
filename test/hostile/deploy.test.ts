import { writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { stackDetails } from "../../promotion/report/stacks.ts";
import { applied } from "../jobs/phases/support/outcome.ts";
import { makeTools, makeWorld } from "../jobs/phases/support/world.ts";
import { freshDirectory } from "../support/directory.ts";
import { attack } from "./support/hostile-case.ts";
import { snapshot } from "./support/output.ts";
import { ownElements, render } from "./support/rendered.ts";
import { deploySmuggler, type Evidence } from "./support/smuggler.ts";
import { smuggleTable } from "./tables/smuggle.ts";

let evidence: Evidence;

beforeAll(async () => {
  evidence = await deploySmuggler();
});

describe("an apply that puts a link in the place of", () => {
  it("the provider lock file gets nothing of what the worker could read there", async () => {
    const world = await makeWorld(await makeTools());
    const outside = await freshDirectory();
    await writeFile(path.join(outside, "key"), "HOSTILE");
    const command = `ln -sf ${path.join(outside, "key")} .terraform.lock.hcl`;
    const policy = { stacks: { web: { kind: "provision" } } } as const;
    applied(await world.deploy({ web: { command } }, { policy }));
    const { store } = world.input({});
    const kept = Object.values(await snapshot(store.directory));
    expect(kept.join("\n")).toContain(command);
    expect(kept.join("\n")).not.toContain("HOSTILE");
  });
});

describe("a deployment whose repository smuggles in", () => {
  attack(smuggleTable, ({ input }) => {
    applied(evidence.outcome);
    expect(input.seen(evidence)).toEqual(input.honest);
  });

  it("names resources in markup, and shows them as code", () => {
    const { elements, code, prose } = render(stackDetails(applied(evidence.outcome).stacks));
    expect(elements.filter((element) => !ownElements.includes(element.replace("/", "")))).toEqual([]);
    expect(code).toContain("HOSTILE");
    expect(prose).not.toContain("HOSTILE");
  });

  it("is seen at work: both environments were told", () => {
    expect(evidence.synth).toMatchObject({ WAYMARK_ENVIRONMENT: "dev", PORT: "4101" });
    expect(evidence.terraform).toMatchObject({ TF_IN_AUTOMATION: "1" });
  });
});
