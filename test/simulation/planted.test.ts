import { describe, expect, it } from "vitest";
import { explain } from "./explain.ts";
import { playSeed } from "./history.ts";
import { type Bug, bugs } from "./planted/bugs.ts";
import { type Finding, search } from "./search.ts";

const count = 20_000;

/** Where the search begins, if not at 1: one that shows itself in one history of thousands is soon found there. */
const beginnings: Partial<Record<Bug, number>> = { "no-serial-bump": 8_400 };

/** A promise that each bug must be seen to break; it may break others, too. */
const broken: Readonly<Record<Bug, RegExp>> = {
  "no-lease": /records are never rewritten|no authorised request lost/,
  "no-attempt": /nothing planned that is not journaled/,
  "no-fence": /one mutating run/,
  "plans-too-early": /nothing planned that is not journaled/,
  "no-serial-bump": /one mutating run|what is applied is what is recorded/,
  "commits-not-objects": /everything wanted is done/,
  "events-served-twice": /no request served twice/,
  "no-branch-head": /the branch is followed, and only when it moves/,
  "never-due": /provisioning runs when it is due/,
  "approvals-unbound": /nothing deleted that nobody approved/,
  "checks-left-open": /no check run left open/,
};

const find = async (bug: Bug): Promise<Finding> => {
  for await (const finding of search({ first: beginnings[bug] ?? 1, count, bug })) {
    if (broken[bug].test(finding.violation?.promise ?? "")) return finding;
  }
  throw new Error(`${bug} was not caught`);
};

describe("a planted bug is caught", { timeout: 300_000 }, () => {
  it.each(Object.keys(bugs) as Bug[])("%s", async (bug) => {
    const { seed } = await find(bug);
    expect((await playSeed(seed)).violation).toBeUndefined();
  });
});

describe("the story of a planted bug", { timeout: 120_000 }, () => {
  it("is short, can be read, and says how to play it again", async () => {
    const finding = await find("no-branch-head");
    const story = await explain(finding, "no-branch-head");
    const steps = Number(/shrunk to (\d+)\)/.exec(story)?.[1]);
    expect(steps).toBeLessThan(finding.history.steps.length);
    expect(story).toContain(
      `Again: npm run simulate -- --count 1 --seed ${finding.seed} --trace --bug no-branch-head`,
    );
    expect(story).toMatch(/[A-Z]+ moves current of dev: /);
    expect(story).toMatch(/^BROKEN: the branch is followed, and only when it moves: c\d+ is promoted again/m);
    expect(story).not.toMatch(/0{20}/);
  });
});
