import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Scene, setScene, shop } from "./scene.ts";

let scene: Scene;
let copy: Awaited<ReturnType<Scene["clone"]>>;
beforeAll(async () => {
  scene = await setScene();
  copy = await scene.clone(scene.users.bob.token);
});
afterAll(() => scene.close());

const open = async (path: string) => {
  const response = await fetch(`${scene.github.url}${path}`);
  return { status: response.status, text: await response.text() };
};
const press = (path: string, as: string, form = {}, headers = {}) =>
  fetch(`${scene.github.url}${path}`, {
    method: "POST",
    body: new URLSearchParams(form),
    headers: { cookie: `as=${as}`, ...headers },
    redirect: "manual",
  });

async function openPull(branch: string): Promise<number> {
  await copy.git("switch", "--quiet", "-C", branch, "origin/dev");
  await copy.commit({ [`${branch.length}.txt`]: branch }, "add <b>bold</b>");
  await copy.git("push", "--quiet", "origin", branch);
  const { data } = await scene
    .as(scene.users.bob)
    .pulls.create({ ...shop, head: branch, base: "dev", title: "<img src=x>" });
  return data.number;
}

describe("the pages", () => {
  it("show everything of a repository, escaped", async () => {
    const number = await openPull("a'<i>x</i>");
    await copy.git("tag", "-a", "-m", "<u>record</u>", "deploy/dev/1");
    await copy.git("push", "--quiet", "origin", "deploy/dev/1");
    const rest = scene.installationClient();
    const head_sha = await copy.git("rev-parse", "HEAD");
    const { data: run } = await rest.checks.create({
      ...shop,
      name: "deploy/<dev>",
      head_sha,
      conclusion: "failure",
    });
    await rest.repos.createDeployment({
      ...shop,
      ref: head_sha,
      required_contexts: [],
      auto_merge: false,
      environment: "dev",
    });
    const pages = [
      "/",
      "/acme/shop",
      `/acme/shop/pull/${number}`,
      `/acme/shop/runs/${run.id}`,
      `/acme/shop/commit/${head_sha}`,
    ];
    for (const page of pages) {
      const { status, text } = await open(page);
      expect([page, status, /<(img|i|b|u|dev)>| src=x>/.test(text)]).toEqual([page, 200, false]);
    }
    const { text } = await open("/acme/shop");
    for (const part of [
      "deploy/dev/1",
      "deploy/&lt;dev&gt;",
      "&lt;img src=x&gt;",
      "failure",
      "Merge",
      "Re-run",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("answer 404 for what is not there", async () => {
    for (const page of [
      "/acme/none",
      "/acme/shop/pull/99",
      "/acme/shop/runs/1",
      "/acme/shop/commit/HEAD~1",
      "/a/b/c/d",
    ]) {
      expect((await open(page)).status).toBe(404);
    }
  });

  it("merge and re-run for those who may, as the person chosen", async () => {
    const number = await openPull("pressed");
    expect((await press(`/acme/shop/pull/${number}/merge`, "carol")).status).toBe(403);
    expect(
      (await press(`/acme/shop/pull/${number}/merge`, "bob", {}, { origin: "http://evil.example" })).status,
    ).toBe(403);
    expect((await press(`/acme/shop/pull/${number}/merge`, "bob")).status).toBe(303);
    const { data } = await scene.as(scene.users.bob).pulls.get({ ...shop, pull_number: number });
    expect(data).toMatchObject({ merged: true, merged_by: { login: "bob" } });
    const actions = [{ label: "Approve", description: "d", identifier: "approve" }];
    const { data: run } = await scene
      .installationClient()
      .checks.create({ ...shop, name: "r", head_sha: data.head.sha, actions });
    await press(`/acme/shop/runs/${run.id}/rerequest`, "alice");
    await press(`/acme/shop/runs/${run.id}/actions`, "alice", { identifier: "approve" });
    await scene.github.idle();
    const asked = scene.receiver.received.filter(({ event }) => event === "check_run").slice(-2);
    expect(asked.map(({ payload }) => [payload.action, payload.sender.login])).toEqual([
      ["rerequested", "alice"],
      ["requested_action", "alice"],
    ]);
  });
});
