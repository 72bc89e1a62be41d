import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Scene, setScene } from "./scene.ts";
import { runGit } from "./working-copy.ts";

const zero = "0".repeat(40);
let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
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

let copies = 0;
const freshClone = (token = scene.users.alice.token) => scene.clone(token, `copy-${copies++}`);

describe("a push of a branch", () => {
  it("sends one signed push with before, after, commits and sender", async () => {
    const copy = await freshClone(scene.users.bob.token);
    const before = await copy.git("rev-parse", "HEAD");
    const after = await copy.commit({ "a.txt": "a" }, "add a");
    await copy.git("push", "--quiet", "origin", "main");
    const [push, ...others] = await payloads("push");
    expect(others).toEqual([]);
    expect(push).toMatchObject({
      ref: "refs/heads/main",
      before,
      after,
      created: false,
      deleted: false,
      forced: false,
      pusher: { name: "bob" },
      sender: { login: "bob", type: "User" },
      repository: { id: scene.repository.id, full_name: "acme/shop", clone_url: scene.repository.cloneUrl },
      organization: { login: "acme" },
      installation: { id: scene.installationId },
      commits: [{ id: after, message: "add a", added: ["a.txt"], removed: [], modified: [] }],
      head_commit: { id: after },
    });
    expect(scene.receiver.received.every(({ signed }) => signed)).toBe(true);
    const { created_at, pushed_at, updated_at } = push.repository;
    expect([created_at, pushed_at, updated_at].map((moment) => typeof moment)).toEqual([
      "number",
      "number",
      "string",
    ]);
  });

  it("sends create and delete for a branch that comes and goes", async () => {
    const copy = await freshClone();
    const sha = await copy.commit({ "b.txt": "b" });
    await copy.git("push", "--quiet", "origin", "HEAD:refs/heads/feature/one");
    await copy.git("push", "--quiet", "origin", ":refs/heads/feature/one");
    expect(await payloads("create")).toMatchObject([
      { ref: "feature/one", ref_type: "branch", master_branch: "main" },
    ]);
    expect(await payloads("delete")).toMatchObject([{ ref: "feature/one", ref_type: "branch" }]);
    expect(await payloads("push")).toMatchObject([
      { before: zero, after: sha, created: true, commits: [{ id: sha }] },
      { before: sha, after: zero, deleted: true, head_commit: null, commits: [] },
    ]);
  });

  it("calls a rewritten branch forced", async () => {
    const copy = await freshClone();
    await copy.git("switch", "--quiet", "-c", "rewritten");
    await copy.commit({ "c.txt": "one" });
    await copy.git("push", "--quiet", "origin", "rewritten");
    await copy.git("commit", "--quiet", "--amend", "-m", "other");
    await copy.git("push", "--quiet", "--force", "origin", "rewritten");
    expect((await payloads("push")).map(({ forced }) => forced)).toEqual([false, true]);
  });

  it("asks for checks of every new head", async () => {
    const copy = await freshClone();
    const sha = await copy.commit({ "d.txt": "d" });
    await copy.git("push", "--quiet", "origin", "HEAD:refs/heads/checked");
    expect(await payloads("check_suite")).toMatchObject([
      { action: "requested", check_suite: { head_sha: sha, head_branch: "checked", status: "queued" } },
    ]);
  });
});

describe("a push of tags", () => {
  it("reports a retag by the tag objects' ids and the person who did it", async () => {
    const copy = await freshClone();
    await copy.git("tag", "-a", "-m", "first", "deploy/prod/current");
    await copy.git("push", "--quiet", "origin", "refs/tags/deploy/prod/current");
    const before = await copy.git("rev-parse", "refs/tags/deploy/prod/current");
    const commit = await copy.commit({ "e.txt": "e" });
    await copy.git("push", "--quiet", "origin", "HEAD:refs/heads/retag");
    await copy.git("tag", "-f", "-a", "-m", "second", "deploy/prod/current");
    const after = await copy.git("rev-parse", "refs/tags/deploy/prod/current");
    await copy.git("push", "--quiet", "--force", "origin", "refs/tags/deploy/prod/current");
    const last = (await payloads("push")).at(-1);
    expect(last).toMatchObject({
      ref: "refs/tags/deploy/prod/current",
      before,
      after,
      sender: { login: "alice" },
    });
    expect(last).toMatchObject({ head_commit: { id: commit }, commits: [], created: false });
    expect(after).not.toBe(commit);
  });

  it("names the App's bot as the sender of what its token pushes", async () => {
    const auth = await scene.installationClient().auth({ type: "installation" });
    const copy = await freshClone((auth as { token: string }).token);
    await copy.git("tag", "bot-made");
    await copy.git("push", "--quiet", "origin", "bot-made");
    expect(await payloads("push")).toMatchObject([
      {
        ref: "refs/tags/bot-made",
        pusher: { name: "waymark[bot]" },
        sender: { login: "waymark[bot]", type: "Bot" },
      },
    ]);
  });

  it("may lead to something that is no commit", async () => {
    const copy = await freshClone();
    const blob = await copy.git("rev-parse", "HEAD:README.md");
    await copy.git("tag", "a-file", blob);
    await copy.git("push", "--quiet", "origin", "a-file");
    expect(await payloads("push")).toMatchObject([{ after: blob, head_commit: null }]);
  });

  it("sends events for three tags at once and nothing at all for four", async () => {
    const copy = await freshClone();
    const tags = ["t1", "t2", "t3", "t4", "t5", "t6", "t7"];
    for (const tag of tags) await copy.git("tag", tag);
    await copy.git("push", "--quiet", "origin", "t1", "t2", "t3");
    expect((await payloads("push")).map(({ ref }) => ref)).toEqual([
      "refs/tags/t1",
      "refs/tags/t2",
      "refs/tags/t3",
    ]);
    scene.receiver.received.splice(0);
    await copy.git("push", "--quiet", "origin", "t4", "t5", "t6", "t7");
    expect(await payloads("push")).toEqual([]);
    expect(await payloads("create")).toEqual([]);
    const remote = await runGit(undefined, scene.users.alice.token, ["ls-remote", scene.repository.cloneUrl]);
    expect(remote).toContain("refs/tags/t7");
  });
});

describe("smart HTTP", () => {
  it("serves shallow and partial clones, and fetches by SHA", async () => {
    const { token } = scene.users.carol;
    const { cloneUrl } = scene.repository;
    const at = (name: string) => join(scene.directory, name);
    await runGit(undefined, token, ["clone", "--quiet", "--depth=1", cloneUrl, at("shallow")]);
    expect(await runGit(at("shallow"), token, ["rev-list", "--count", "HEAD"])).toBe("1");
    await runGit(undefined, token, ["clone", "--quiet", "--filter=blob:none", cloneUrl, at("partial")]);
    expect(await readFile(join(at("partial"), "README.md"), "utf8")).toBe("# shop\n");
    const copy = await freshClone();
    const sha = await copy.commit({ "f.txt": "f" });
    await copy.git("push", "--quiet", "origin", "HEAD:refs/heads/gone");
    await copy.git("push", "--quiet", "origin", ":refs/heads/gone");
    await runGit(at("partial"), token, ["fetch", "--quiet", "origin", sha]);
    expect(await runGit(at("partial"), token, ["rev-parse", "FETCH_HEAD"])).toBe(sha);
  });

  it("lets exactly one of many leased pushes of the same ref win, and tells of that one only", async () => {
    const copy = await freshClone();
    await copy.git("tag", "lease");
    await copy.git("push", "--quiet", "origin", "lease");
    const expected = await copy.git("rev-parse", "lease");
    const rivals = await Promise.all(
      [0, 1, 2, 3].map(async (index) => {
        const rival = await freshClone();
        const sha = await rival.commit({ "rival.txt": String(index) });
        return { rival, sha };
      }),
    );
    await payloads("push");
    scene.receiver.received.splice(0);
    const outcomes = await Promise.allSettled(
      rivals.map(({ rival, sha }) =>
        rival.git(
          "push",
          "--quiet",
          "--atomic",
          `--force-with-lease=refs/tags/lease:${expected}`,
          "origin",
          `${sha}:refs/tags/lease`,
        ),
      ),
    );
    const winners = rivals.filter((_, index) => outcomes[index]?.status === "fulfilled");
    expect(winners).toHaveLength(1);
    expect(await payloads("push")).toMatchObject([{ before: expected, after: winners[0]?.sha }]);
  });

  it("keeps before and after right when many push at once", async () => {
    const pushers = await Promise.all([0, 1, 2, 3].map(() => freshClone()));
    const shas = await Promise.all(pushers.map((copy, index) => copy.commit({ [`p${index}.txt`]: "p" })));
    await Promise.all(
      pushers.map((copy, index) => copy.git("push", "--quiet", "origin", `HEAD:refs/heads/p${index}`)),
    );
    const pushed = (await payloads("push")).map(({ ref, before, after }) => [ref, before, after]);
    expect(pushed.toSorted()).toEqual(shas.map((sha, index) => [`refs/heads/p${index}`, zero, sha]));
  });
});

describe("who may use git", () => {
  const lsRemote = (token: string) => runGit(undefined, token, ["ls-remote", scene.repository.cloneUrl]);

  it("refuses strangers, unknown tokens and readers who push", async () => {
    await expect(lsRemote(scene.users.mallory.token)).rejects.toThrow(/not found/i);
    await expect(lsRemote("ghp_unknown")).rejects.toThrow(/could not read Username/);
    const copy = await freshClone(scene.users.carol.token);
    await copy.commit({ "g.txt": "g" });
    await expect(copy.git("push", "--quiet", "origin", "main")).rejects.toThrow(/403/);
    expect(await payloads("push")).toEqual([]);
  });

  it("refuses an App's push with a token that may only read", async () => {
    const permissions = { contents: "read" } as const;
    const { data } = await scene
      .appClient()
      .apps.createInstallationAccessToken({ installation_id: scene.installationId, permissions });
    const copy = await freshClone(data.token);
    await copy.commit({ "h.txt": "h" });
    await expect(copy.git("push", "--quiet", "origin", "main")).rejects.toThrow(/403/);
  });
});
