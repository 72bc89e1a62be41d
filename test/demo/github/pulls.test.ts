import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Scene, setScene, shop } from "./scene.ts";

let scene: Scene;
let copy: Awaited<ReturnType<Scene["clone"]>>;
beforeAll(async () => {
  scene = await setScene();
  copy = await scene.clone(scene.users.bob.token);
});
beforeEach(async () => {
  await scene.github.idle();
  scene.receiver.received.splice(0);
});
afterAll(() => scene.close());

async function payloads(event: string) {
  await scene.github.idle();
  return scene.receiver.received.filter((delivery) => delivery.event === event).map(({ payload }) => payload);
}

/** Pushes a branch with one new commit on top of the present base. */
async function pushBranch(
  name: string,
  base = "origin/dev",
  files: Record<string, string> = { [`${name}.txt`]: name },
) {
  await copy.git("fetch", "--quiet", "origin");
  await copy.git("switch", "--quiet", "-C", name, base);
  const sha = await copy.commit(files, `add ${name}`);
  await copy.git("push", "--quiet", "--force", "origin", name);
  return sha;
}

const open = async (head: string, base = "dev") =>
  (await scene.as(scene.users.bob).pulls.create({ ...shop, head, base, title: `Bring ${head}` })).data;
const merge = (pull_number: number, more = {}) =>
  scene.as(scene.users.alice).pulls.merge({ ...shop, pull_number, ...more });

describe("merging a pull request", () => {
  it("makes a real merge commit and sends both events", async () => {
    const head = await pushBranch("feature");
    const pull = await open("feature");
    expect(pull).toMatchObject({
      state: "open",
      mergeable: true,
      commits: 1,
      changed_files: 1,
      head: { sha: head },
    });
    const { data } = await merge(pull.number);
    await copy.git("fetch", "--quiet", "origin");
    expect(await copy.git("rev-parse", "origin/dev")).toBe(data.sha);
    expect(await copy.git("log", "-1", "--format=%P", "origin/dev")).toBe(`${pull.base.sha} ${head}`);
    expect(await copy.git("log", "-1", "--format=%an|%s", "origin/dev")).toBe(
      "alice|Merge pull request #1 from acme/feature",
    );
    const closed = (await payloads("pull_request")).at(-1);
    expect(closed).toMatchObject({ action: "closed", number: 1, sender: { login: "alice" } });
    expect(closed.pull_request).toMatchObject({
      merged: true,
      merge_commit_sha: data.sha,
      merged_by: { login: "alice" },
    });
    const push = (await payloads("push")).find(({ ref }) => ref === "refs/heads/dev");
    expect(push).toMatchObject({ before: pull.base.sha, after: data.sha, sender: { login: "alice" } });
    await expect(merge(pull.number)).rejects.toMatchObject({ status: 405 });
  });

  it("can squash", async () => {
    const head = await pushBranch("squashed");
    const pull = await open("squashed");
    const { data } = await merge(pull.number, { merge_method: "squash" });
    await copy.git("fetch", "--quiet", "origin");
    expect(await copy.git("log", "-1", "--format=%P", data.sha)).toBe(pull.base.sha);
    expect(await copy.git("rev-parse", `${data.sha}^{tree}`)).toBe(
      await copy.git("rev-parse", `${head}^{tree}`),
    );
    const { data: after } = await scene.as(scene.users.bob).pulls.get({ ...shop, pull_number: pull.number });
    expect(after).toMatchObject({ state: "closed", merged: true });
  });

  it("is refused on conflicts, on another head, and to those who may not", async () => {
    const left = await pushBranch("left", "origin/dev", { "same.txt": "left" });
    await pushBranch("right", "origin/dev", { "same.txt": "right" });
    const [one, two] = [await open("left"), await open("right")];
    await expect(merge(one.number, { sha: "1".repeat(40) })).rejects.toMatchObject({ status: 409 });
    const carol = scene.as(scene.users.carol);
    await expect(carol.pulls.merge({ ...shop, pull_number: one.number })).rejects.toMatchObject({
      status: 403,
    });
    await expect(merge(one.number, { merge_method: "rebase" })).rejects.toMatchObject({ status: 405 });
    await merge(one.number, { sha: left });
    await expect(merge(two.number)).rejects.toMatchObject({ status: 405 });
    expect(
      (await scene.as(scene.users.bob).pulls.get({ ...shop, pull_number: two.number })).data.mergeable,
    ).toBe(false);
  });

  it("happens by git, too", async () => {
    const head = await pushBranch("by-hand");
    const pull = await open("by-hand");
    await copy.git("push", "--quiet", "origin", `${head}:refs/heads/dev`);
    const last = (await payloads("pull_request")).at(-1);
    expect(last).toMatchObject({ action: "closed", number: pull.number, pull_request: { merged: true } });
  });

  it("works by the button of the page", async () => {
    await pushBranch("pressed");
    const pull = await open("pressed");
    await scene.github.pressMerge("acme/shop", pull.number, "alice");
    expect((await payloads("pull_request")).at(-1)).toMatchObject({
      action: "closed",
      pull_request: { merged: true },
    });
  });
});

describe("a pull request", () => {
  it("follows its branch, and git finds its head", async () => {
    const before = await pushBranch("moving");
    const pull = await open("moving");
    const after = await copy.commit({ "more.txt": "more" });
    await copy.git("push", "--quiet", "origin", "moving");
    expect((await payloads("pull_request")).map(({ action }) => action)).toEqual(["opened", "synchronize"]);
    expect((await payloads("pull_request")).at(-1)).toMatchObject({
      before,
      after,
      pull_request: { head: { sha: after } },
    });
    await copy.git("fetch", "--quiet", "origin", `refs/pull/${pull.number}/head`);
    expect(await copy.git("rev-parse", "FETCH_HEAD")).toBe(after);
    await copy.git("push", "--quiet", "origin", ":moving");
    expect((await payloads("pull_request")).at(-1)).toMatchObject({
      action: "closed",
      pull_request: { merged: false },
    });
  });

  it("needs two branches with something between them, once", async () => {
    const head = await pushBranch("same");
    await expect(open("none")).rejects.toMatchObject({ status: 422 });
    await expect(open("dev")).rejects.toMatchObject({ status: 422 });
    const pull = await open("same");
    await expect(open("same")).rejects.toMatchObject({ status: 422 });
    const rest = scene.as(scene.users.bob);
    const { data } = await rest.pulls.list({ ...shop, head: "acme:same" });
    expect(data.map(({ number, head: { sha } }) => [number, sha])).toEqual([[pull.number, head]]);
    await rest.pulls.update({ ...shop, pull_number: pull.number, state: "closed" });
    expect((await rest.pulls.list({ ...shop, head: "acme:same" })).data).toEqual([]);
  });

  it("can be commented on", async () => {
    await pushBranch("discussed");
    const { number: issue_number } = await open("discussed");
    const rest = scene.installationClient();
    const { data } = await rest.issues.createComment({ ...shop, issue_number, body: "plan" });
    await rest.issues.updateComment({ ...shop, comment_id: data.id, body: "new plan" });
    const { data: comments } = await rest.issues.listComments({ ...shop, issue_number });
    expect(comments).toMatchObject([{ body: "new plan", user: { login: "waymark[bot]" } }]);
  });
});
