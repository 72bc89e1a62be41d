import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeRecords } from "../../jobs/support/history.ts";
import { newSigner } from "../../jobs/support/signer.ts";
import { expectEnding, untilChecked, untilChecksClosed, untilSettled } from "./support/expect.ts";
import { expectFixedPoint } from "./support/fixed-point.ts";
import { openShop, type Shop } from "./support/shop.ts";
import { type Login, type System, startSystem } from "./support/system.ts";
import { until } from "./support/until.ts";

let system: System;
let stopWorker: () => Promise<void>;
const shops: Shop[] = [];

/** Every version of the application replaces the one before. */
const careful = { mode: "incremental" } as const;

beforeAll(async () => {
  system = await startSystem({ sweepSeconds: 4 });
  stopWorker = (await system.startWorker()).stop;
});

afterAll(() => system.close());

async function shopWith(
  name: string,
  versions: readonly string[],
): Promise<{ shop: Shop; commits: string[] }> {
  const shop = await openShop(system, name);
  shops.push(shop);
  const commits: string[] = [];
  for (const version of versions) {
    commits.push(await shop.merge(version));
    await untilSettled(shop, commits.length);
  }
  return { shop, commits };
}

/** A record of deployment `number` that a stranger signed, in the clone; gives its tag object. */
async function forge(shop: Shop, number: number, commit: string): Promise<string> {
  const record = {
    repository: shop.id,
    environment: "dev",
    number,
    commit,
    branch: "dev",
    branchHead: commit,
    kind: "promotion",
  } as const;
  return await writeRecords(shop.clone.directory, newSigner(), [record]);
}

describe.concurrent("a history of moved tags", () => {
  it("a request whose webhook is withheld is carried out once, also when the webhook comes late", async () => {
    const { shop, commits } = await shopWith("withheld", ["v1", "v2"]);
    const [first = ""] = commits;
    system.github.faults.onDelivery({ event: "push", repositoryId: shop.id, effect: "withhold" });
    await shop.retag("alice", first);
    const applied = ["shop v1", "shop v2", "shop v1"];
    await expectEnding(shop, { record: 3, commit: first, applied });
    await until("the late webhook", async () => shop.redelivered().length > 0);
    await untilChecked(shop, first, "deploy/dev/request", /^success/);
    await expectEnding(shop, { record: 3, commit: first, applied });
  });

  it("requests whose webhooks come twice and late are served once each, also for somebody else", async () => {
    const { shop, commits } = await shopWith("twice", ["v1", "v2"]);
    const [first = "", second = ""] = commits;
    system.github.faults.onDelivery({ event: "push", repositoryId: shop.id, effect: "duplicate" });
    await shop.retag("alice", first);
    await untilSettled(shop, 3);
    await shop.retag("alice", second);
    await untilSettled(shop, 4);
    const requests = shop.moves("deploy/dev/current", first);
    expect(requests).toHaveLength(2);
    for (const { id } of requests) system.github.pressRedeliver(id);
    await until("the late webhooks", async () => shop.redelivered().length === 2);
    const ending = { record: 4, commit: second, applied: ["shop v1", "shop v2", "shop v1", "shop v2"] };
    await expectEnding(shop, ending);

    // The same move as alice's first, by mallory; all that is known of it at first is what alice did.
    system.github.faults.onDelivery({ event: "push", repositoryId: shop.id, effect: "withhold" });
    await shop.retag("mallory", first);
    await until("the move to be told", async () => shop.told("deploy/dev/current") === first);
    await until("the tag to be back", async () => shop.told("deploy/dev/current") !== first);
    await expectEnding(shop, ending);
    await untilChecked(shop, first, "deploy/dev/request", /^failure: /);
  });

  it("a request by somebody who may not is undone, and told so", async () => {
    const { shop, commits } = await shopWith("unauthorised", ["v1", "v2"]);
    const [first = "", second = ""] = commits;
    await shop.retag("mallory", first);
    await untilChecked(shop, first, "deploy/dev/request", /^failure: /);
    await until("the tag to be back", async () => {
      const current = shop.told("deploy/dev/current");
      return current !== undefined && current === shop.told("deploy/dev/2");
    });
    await expectEnding(shop, { record: 2, commit: second, applied: ["shop v1", "shop v2"] });
  });

  it("records that are deleted or moved are put back, the very same objects", async () => {
    const { shop, commits } = await shopWith("deleted", ["v1", "v2"]);
    const [first = "", second = ""] = commits;
    const record = shop.told("deploy/dev/2") ?? "";
    const isBack = async () =>
      shop.told("deploy/dev/2") === record && shop.told("deploy/dev/current") === record;
    await shop.push("bob", ":refs/tags/deploy/dev/2", ":refs/tags/deploy/dev/current");
    await until("the deletion to be told", async () => shop.told("deploy/dev/2") === undefined);
    await until("the deleted tags to be back", isBack);
    await shop.push("bob", `+${first}:refs/tags/deploy/dev/2`);
    await until("the move to be told", async () => shop.told("deploy/dev/2") === first);
    await until("the moved tag to be back", isBack);
    await expectEnding(shop, { record: 2, commit: second, applied: ["shop v1", "shop v2"] });
  });

  it.for(["current", "attempt"])("a forged record at %s holds everything until it is gone", async (tag) => {
    const { shop, commits } = await shopWith(`forged-${tag}`, ["v1"]);
    const [first = ""] = commits;
    const record = shop.told("deploy/dev/1") ?? "";
    const forged = await forge(shop, 2, first);
    await shop.push("mallory", `+${forged}:refs/tags/deploy/dev/${tag}`);
    const second = await shop.merge("v2");
    await untilChecked(shop, second, "deploy/dev", /unknown key/);
    expect(await shop.witness.applied()).toEqual(["shop v1"]);
    expect(shop.told(`deploy/dev/${tag}`)).toBe(forged);
    await shop.push("alice", `:refs/tags/deploy/dev/${tag}`);
    await expectEnding(shop, { record: 2, commit: second, applied: ["shop v1", "shop v2"] });
    expect((await shop.refs()).get("refs/tags/deploy/dev/1")).toBe(record);
  });

  it("a forged record that takes the number during an apply is skipped, and left alone", async () => {
    const { shop, commits } = await shopWith("forged-number", ["v1"]);
    const [first = ""] = commits;
    const held = await shop.witness.hold("shop");
    const second = await shop.merge("v2");
    await held.reached("v2");
    const forged = await forge(shop, 2, first);
    await shop.push("mallory", `${forged}:refs/tags/deploy/dev/2`);
    await held.release();
    await expectEnding(shop, { record: 3, commit: second, applied: ["shop v1", "shop v2"] });
    expect((await shop.refs()).get("refs/tags/deploy/dev/2")).toBe(forged);
  });
});

describe.concurrent("a history of the branch", () => {
  it("a branch that is rewound after a failed verify is deployed again as it was recorded", async () => {
    const { shop, commits } = await shopWith("rewound", ["v1"]);
    const [first = ""] = commits;
    const url = system.health.url("rewound", "v2");
    system.health.fallIll(url);
    const sick = await shop.merge("v2", { health: { url, within: "1s" } });
    await untilChecked(shop, sick, "deploy/dev", /^failure: /);
    await shop.push("bob", `+${first}:refs/heads/dev`);
    await expectEnding(shop, { record: 2, commit: first, applied: ["shop v1", "shop v2", "shop v1"] });
    await untilChecked(shop, sick, "deploy/dev", /^failure: /);
  });

  it("a request and a merge at the same moment: the request wins, and the merge waits for a re-run", async () => {
    const { shop, commits } = await shopWith("same-moment", ["v1", "v2"]);
    const [first = ""] = commits;
    const third = await shop.commit("v3");
    await shop.push("alice", `+${first}:refs/tags/deploy/dev/current`, `${third}:refs/heads/dev`);
    const applied = ["shop v1", "shop v2", "shop v1"];
    await expectEnding(shop, { record: 3, commit: first, applied });
    await untilChecked(shop, third, "deploy/dev", /rollback/);
    const held = (await shop.checks()).find(({ commit }) => commit === third);
    system.github.pressRerun(shop.fullName, held?.id ?? 0, "alice");
    await expectEnding(shop, { record: 4, commit: third, applied: [...applied, "shop v3"] });
  });

  it("a request in the middle of an apply overtakes it, visibly", async () => {
    const { shop, commits } = await shopWith("mid-apply", ["v1", "v2"]);
    const [first = ""] = commits;
    const held = await shop.witness.hold("shop");
    const third = await shop.merge("v3");
    await held.reached("v3");
    await shop.retag("alice", first);
    await held.release();
    const applied = ["shop v1", "shop v2", "shop v3", "shop v1"];
    await expectEnding(shop, { record: 3, commit: first, applied });
    await untilChecked(shop, third, "deploy/dev", /^(?!success)/);
    await untilChecked(shop, first, "deploy/dev/request", /^success/);
  });

  it("frozen during an apply: the next tier waits until it is thawed", async () => {
    const shop = await openShop(system, "frozen");
    shops.push(shop);
    const held = await shop.witness.hold("base");
    const commit = await shop.merge("v1", { stacks: ["base", "top"] });
    await held.reached("v1");
    await shop.push("alice", `${commit}:refs/tags/deploy/dev/frozen`);
    await held.release();
    await untilChecked(shop, commit, "deploy/dev", /frozen/);
    await untilChecksClosed(shop);
    expect(await shop.witness.applied()).toEqual(["base v1"]);
    await shop.push("alice", ":refs/tags/deploy/dev/frozen");
    await expectEnding(shop, { record: 1, commit, applied: ["base v1", "top v1"] });
    await untilChecked(shop, commit, "deploy/dev", /^success/);
  });
});

async function carefulShop(name: string): Promise<{ shop: Shop; first: string }> {
  const shop = await openShop(system, name);
  shops.push(shop);
  const first = await shop.merge("v1", careful);
  await untilSettled(shop, 1);
  return { shop, first };
}

/** The button is on the check run that asked, whatever was said below it since. */
async function approve(shop: Shop, login: Login): Promise<void> {
  const asking = (await shop.checks()).find(({ conclusion }) => conclusion === "action_required");
  system.github.pressAction(shop.fullName, asking?.id ?? 0, "approve", login);
}

describe.concurrent("a history of plans that replace something", () => {
  it("nothing of it is applied before somebody who may has approved it, then it is, once", async () => {
    const { shop } = await carefulShop("approved");
    const second = await shop.merge("v2", careful);
    await untilChecked(shop, second, "deploy/dev", /^action_required: .*approval/);
    await untilChecksClosed(shop);
    await approve(shop, "mallory");
    await untilChecked(shop, second, "deploy/dev", /^failure: Approving takes more permission/);
    expect(await shop.witness.applied()).toEqual(["shop v1"]);
    await approve(shop, "alice");
    await expectEnding(shop, { record: 2, commit: second, applied: ["shop v1", "shop v2"] });
  });

  it("a rollback waits, too: current is put back, and moves when it is approved", async () => {
    const { shop, first } = await carefulShop("rolled-back");
    await shop.merge("v2", careful);
    await untilChecked(shop, (await shop.refs()).get("refs/heads/dev") ?? "", "deploy/dev", /approval/);
    await approve(shop, "alice");
    await untilSettled(shop, 2);
    await untilChecksClosed(shop);
    await shop.retag("alice", first);
    await untilChecked(shop, first, "deploy/dev/request", /^action_required: .*approval/);
    expect(await shop.witness.applied()).toEqual(["shop v1", "shop v2"]);
    await approve(shop, "alice");
    await expectEnding(shop, { record: 3, commit: first, applied: ["shop v1", "shop v2", "shop v1"] });
  });

  it("a request that only looks says what it would do, and changes nothing", async () => {
    const { shop, first } = await carefulShop("looked");
    await shop.clone.git(["tag", "-a", "-m", "What would that do?", "-m", "Mode: whatif", "look", first]);
    await shop.retag("alice", await shop.clone.git(["rev-parse", "refs/tags/look"]));
    await untilChecked(shop, first, "deploy/dev/request", /^neutral: .*Planned/);
    await expectEnding(shop, { record: 1, commit: first, applied: ["shop v1"] });
  });
});

it("a worker that looks at all of it once more finds nothing to do", async () => {
  await stopWorker();
  await expectFixedPoint(system, shops);
});
