import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { appKeys, type Scene, setScene, shop } from "./scene.ts";

let scene: Scene;
let head_sha: string;
let rest: ReturnType<Scene["installationClient"]>;
beforeAll(async () => {
  scene = await setScene();
  rest = scene.installationClient();
  head_sha = (await rest.repos.getCommit({ ...shop, ref: "main" })).data.sha;
});
beforeEach(async () => {
  await scene.github.idle();
  scene.receiver.received.splice(0);
});
afterAll(() => scene.close());

const create = async (name: string, more = {}) =>
  (await rest.checks.create({ ...shop, name, head_sha, ...more })).data;
const list = async (query = {}) => (await rest.checks.listForRef({ ...shop, ref: "main", ...query })).data;
async function events() {
  await scene.github.idle();
  return scene.receiver.received.filter(({ event }) => event === "check_run").map(({ payload }) => payload);
}

describe("a check run", () => {
  it("lives from queued to completed, and says so", async () => {
    const run = await create("life", { external_id: "x-1", details_url: "http://127.0.0.1:1/d" });
    expect(run).toMatchObject({
      status: "queued",
      conclusion: null,
      external_id: "x-1",
      app: { slug: "waymark" },
    });
    await rest.checks.update({ ...shop, check_run_id: run.id, status: "in_progress" });
    const output = { title: "t", summary: "s" };
    const { data: done } = await rest.checks.update({
      ...shop,
      check_run_id: run.id,
      conclusion: "success",
      output,
    });
    expect(done).toMatchObject({ status: "completed", conclusion: "success", output });
    expect(done.completed_at).not.toBeNull();
    const { data: reopened } = await rest.checks.update({ ...shop, check_run_id: run.id, status: "queued" });
    expect(reopened).toMatchObject({ status: "queued", conclusion: null, completed_at: null });
    expect((await events()).map(({ action, check_run }) => [action, check_run.status])).toEqual([
      ["created", "queued"],
      ["completed", "completed"],
    ]);
  });

  it("has a page where its html_url says", async () => {
    const run = await create("paged", { output: { title: "t", summary: "<script>alert(1)</script>" } });
    const page = await (await fetch(String(run.html_url))).text();
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).not.toContain("<script>");
  });

  it("is listed by name, status, App and newest of its name", async () => {
    const first = await create("twice", { conclusion: "failure" });
    const second = await create("twice");
    expect((await list({ check_name: "twice" })).check_runs.map(({ id }) => id)).toEqual([second.id]);
    const all = await list({ check_name: "twice", filter: "all" });
    expect(all.check_runs.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect((await list({ check_name: "twice", filter: "all", status: "completed" })).total_count).toBe(1);
    expect((await list({ app_id: 1 })).total_count).toBe(0);
    expect((await list({ app_id: scene.app.id })).total_count).toBeGreaterThan(0);
  });

  it("comes in pages, with links", async () => {
    for (const name of ["p1", "p2", "p3"]) await create(name);
    const all = await rest.paginate(rest.checks.listForRef, { ...shop, ref: "main", per_page: 2 });
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(["p1", "p2", "p3"]));
    expect(all).toHaveLength((await list({ per_page: 100 })).total_count);
  });

  it("gathers annotations", async () => {
    const annotation = {
      path: "a.ts",
      start_line: 1,
      end_line: 1,
      annotation_level: "failure" as const,
      message: "m",
    };
    const output = { title: "t", summary: "s", annotations: [annotation] };
    const run = await create("annotated", { output });
    await rest.checks.update({ ...shop, check_run_id: run.id, output });
    const { data } = await rest.checks.listAnnotations({ ...shop, check_run_id: run.id });
    expect(data).toHaveLength(2);
  });
});

describe("limits of a check run", () => {
  const action = (label: string) => ({ label, description: "d", identifier: "i" });
  const text = (length: number) => "x".repeat(length);
  const annotation = {
    path: "a",
    start_line: 1,
    end_line: 1,
    annotation_level: "notice" as const,
    message: "m",
  };

  it.each([
    ["a summary of 65,536 characters", { output: { title: "t", summary: text(65_536) } }],
    ["a text of 65,536 characters", { output: { title: "t", summary: "s", text: text(65_536) } }],
    ["51 annotations", { output: { title: "t", summary: "s", annotations: Array(51).fill(annotation) } }],
    ["an output without a summary", { output: { title: "t" } }],
    ["four actions", { actions: ["a", "b", "c", "d"].map(action) }],
    ["an action's label of 21 characters", { actions: [action(text(21))] }],
    ["an action's description of 41 characters", { actions: [{ ...action("l"), description: text(41) }] }],
    ["an action's identifier of 21 characters", { actions: [{ ...action("l"), identifier: text(21) }] }],
    ["completion without a conclusion", { status: "completed" }],
    ["an unknown conclusion", { conclusion: "stale" }],
    ["an unknown commit", { head_sha: "1".repeat(40) }],
    ["a details_url that is no web address", { details_url: "javascript:alert(1)" }],
  ])("refuse %s", async (_, more) => {
    await expect(create("refused", more)).rejects.toMatchObject({ status: 422 });
    expect((await list({ check_name: "refused" })).total_count).toBe(0);
  });

  it("allow what is just within them", async () => {
    const output = {
      title: "t",
      summary: text(65_535),
      text: text(65_535),
      annotations: Array(50).fill(annotation),
    };
    const actions = ["a", "b", "c"].map((name) => ({
      label: text(20),
      description: text(40),
      identifier: name,
    }));
    await expect(create("allowed", { output, actions })).resolves.toMatchObject({ name: "allowed" });
  });
});

describe("who may touch a check run", () => {
  it("is the App that made it, no person and no other App", async () => {
    const run = await create("mine");
    const alice = scene.as(scene.users.alice);
    const update = { ...shop, check_run_id: run.id, status: "in_progress" as const };
    await expect(alice.checks.create({ ...shop, name: "x", head_sha })).rejects.toMatchObject({
      status: 403,
    });
    await expect(alice.checks.update(update)).rejects.toMatchObject({ status: 403 });
    const stranger = scene.github.createApp({
      slug: "stranger",
      publicKey: appKeys.publicKey,
      webhookSecret: "s",
      webhookUrl: scene.receiver.url,
      permissions: { checks: "write" },
      events: [],
    });
    const { installationId } = scene.github.install(stranger, "acme", ["acme/shop"], "alice");
    const other = scene.installationClient(stranger.id, installationId);
    await expect(other.checks.update(update)).rejects.toMatchObject({
      status: 403,
      message: expect.stringMatching(/Invalid app_id/),
    });
  });
});

describe("what a person asks of a check run", () => {
  it("reaches the App as rerequested, without changing the run", async () => {
    const run = await create("again", { conclusion: "failure" });
    await rest.checks.rerequestRun({ ...shop, check_run_id: run.id });
    scene.github.pressRerun("acme/shop", run.id, "alice");
    const asked = (await events()).filter(({ action }) => action === "rerequested");
    expect(asked.map(({ sender }) => sender.login)).toEqual(["waymark[bot]", "alice"]);
    expect(asked[0].check_run).toMatchObject({ id: run.id, status: "completed", check_suite: { head_sha } });
  });

  it("reaches the App as requested_action, for a button the run has", async () => {
    const actions = [{ label: "Approve", description: "Go on", identifier: "approve" }];
    const run = await create("buttons", { actions });
    scene.github.pressAction("acme/shop", run.id, "approve", "bob");
    const asked = (await events()).filter(({ action }) => action === "requested_action");
    expect(asked).toMatchObject([{ requested_action: { identifier: "approve" }, sender: { login: "bob" } }]);
    expect(() => scene.github.pressAction("acme/shop", run.id, "other", "bob")).toThrow();
    expect(() => scene.github.pressAction("acme/shop", run.id, "approve", "carol")).toThrow(/may not/);
  });

  it("may be for a whole suite", async () => {
    const run = await create("suite");
    const check_suite_id = Number(run.check_suite?.id);
    const { data } = await rest.checks.listForSuite({ ...shop, check_suite_id });
    expect(data.check_runs.map(({ id }) => id)).toContain(run.id);
    await scene.as(scene.users.alice).checks.rerequestSuite({ ...shop, check_suite_id });
    await scene.github.idle();
    const last = scene.receiver.received.at(-1);
    expect(last).toMatchObject({
      event: "check_suite",
      payload: { action: "rerequested", check_suite: { id: check_suite_id } },
    });
  });
});
