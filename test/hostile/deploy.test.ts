import { beforeAll, describe, expect, it } from "vitest";
import { stackDetails } from "../../promotion/report/stacks.ts";
import { applied } from "../jobs/phases/support/outcome.ts";
import { attack } from "./support/hostile-case.ts";
import { ownElements, render } from "./support/rendered.ts";
import { deploySmuggler, type Evidence } from "./support/smuggler.ts";
import { smuggleTable } from "./tables/smuggle.ts";

let evidence: Evidence;

beforeAll(async () => {
  evidence = await deploySmuggler();
});

describe("a deployment whose repository smuggles in", () => {
  attack(smuggleTable, ({ input }) => {
    applied(evidence.outcome);
    expect(input.seen(evidence)).toEqual(input.honest);
  });

  it("names resources in markup, and shows them as code", () => {
    const { elements, code, prose } = render(stackDetails(applied(evidence.outcome).stacks, 0));
    expect(elements.filter((element) => !ownElements.includes(element.replace("/", "")))).toEqual([]);
    expect(code).toContain("HOSTILE");
    expect(prose).not.toContain("HOSTILE");
  });

  it("is seen at work: both environments were told", () => {
    expect(evidence.synth).toMatchObject({ WAYMARK_ENVIRONMENT: "dev", PORT: "4101" });
    expect(evidence.terraform).toMatchObject({ TF_IN_AUTOMATION: "1" });
  });
});
