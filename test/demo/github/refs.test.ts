import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Scene, setScene, shop } from "./scene.ts";

let scene: Scene;
let rest: ReturnType<Scene["as"]>;
let first: string;
let second: string;
beforeAll(async () => {
  scene = await setScene();
  rest = scene.as(scene.users.bob);
  const copy = await scene.clone(scene.users.bob.token);
  first = await copy.git("rev-parse", "HEAD");
  second = await copy.commit({ "src/a.txt": "a\nb\n" }, "add a");
  await copy.git("push", "--quiet", "origin", "main");
  await copy.git("tag", "-a", "-m", "notes", "v1");
  await copy.git("push", "--quiet", "origin", "v1");
});
beforeEach(async () => {
  await scene.github.idle();
  scene.receiver.received.splice(0);
});
afterAll(() => scene.close());

async function pushes() {
  await scene.github.idle();
  return scene.receiver.received.filter(({ event }) => event === "push").map(({ payload }) => payload);
}

describe("refs by REST", () => {
  it("are made, moved and deleted, each as a push", async () => {
    await rest.git.createRef({ ...shop, ref: "refs/tags/deploy/dev/current", sha: first });
    await rest.git.updateRef({ ...shop, ref: "tags/deploy/dev/current", sha: second });
    await rest.git.deleteRef({ ...shop, ref: "tags/deploy/dev/current" });
    const moves = (await pushes()).map(({ before, after, sender }) => [
      before.slice(0, 8),
      after.slice(0, 8),
      sender.login,
    ]);
    const [one, two, none] = [first, second, "0".repeat(40)].map((sha) => sha.slice(0, 8));
    expect(moves).toEqual([
      [none, one, "bob"],
      [one, two, "bob"],
      [two, none, "bob"],
    ]);
  });

  it("do not go backwards unless forced", async () => {
    await rest.git.createRef({ ...shop, ref: "refs/heads/back", sha: second });
    const back = { ...shop, ref: "heads/back", sha: first };
    await expect(rest.git.updateRef(back)).rejects.toMatchObject({
      status: 422,
      message: expect.stringMatching(/fast forward/),
    });
    await rest.git.updateRef({ ...back, force: true });
    expect((await pushes()).at(-1)).toMatchObject({ before: second, after: first, forced: true });
  });

  it.each([
    ["a ref that exists", { ref: "refs/heads/main" }],
    ["an object that does not exist", { ref: "refs/heads/new", sha: "1".repeat(40) }],
    ["a name outside branches and tags", { ref: "refs/pull/1/head" }],
    ["a name git refuses", { ref: "refs/heads/a..b" }],
  ])("are not made from %s", async (_, wrong) => {
    await expect(rest.git.createRef({ ...shop, sha: first, ...wrong })).rejects.toMatchObject({
      status: 422,
    });
    expect(await pushes()).toEqual([]);
  });

  it("need somebody who may write", async () => {
    const carol = scene.as(scene.users.carol);
    const wish = { ...shop, ref: "refs/heads/carol", sha: first };
    await expect(carol.git.createRef(wish)).rejects.toMatchObject({ status: 403 });
    await expect(rest.git.deleteRef({ ...shop, ref: "heads/none" })).rejects.toMatchObject({ status: 422 });
  });

  it("are read one by one and by prefix, tags by their object", async () => {
    const { data: tag } = await rest.git.getRef({ ...shop, ref: "tags/v1" });
    expect(tag.object.type).toBe("tag");
    const { data: object } = await rest.git.getTag({ ...shop, tag_sha: tag.object.sha });
    expect(object).toMatchObject({ tag: "v1", message: "notes\n", object: { sha: second, type: "commit" } });
    const { data: matching } = await rest.git.listMatchingRefs({ ...shop, ref: "heads/ma" });
    expect(matching.map(({ ref }) => ref)).toEqual(["refs/heads/main"]);
    await expect(rest.git.getRef({ ...shop, ref: "heads/ma" })).rejects.toMatchObject({ status: 404 });
  });

  it("may be annotated", async () => {
    const { data } = await rest.git.createTag({
      ...shop,
      tag: "v2",
      message: "two",
      object: second,
      type: "commit",
    });
    await rest.git.createRef({ ...shop, ref: "refs/tags/v2", sha: data.sha });
    expect(await pushes()).toMatchObject([
      { ref: "refs/tags/v2", after: data.sha, head_commit: { id: second } },
    ]);
  });
});

describe("commits by REST", () => {
  it("are read by branch, tag or SHA, with files", async () => {
    for (const ref of ["main", "heads/main", "v1", "tags/v1", second, second.slice(0, 10)]) {
      const { data } = await rest.repos.getCommit({ ...shop, ref });
      expect(data).toMatchObject({
        sha: second,
        parents: [{ sha: first }],
        stats: { additions: 2, deletions: 0 },
      });
      expect(data.files).toMatchObject([{ filename: "src/a.txt", status: "added" }]);
    }
    await expect(rest.repos.getCommit({ ...shop, ref: "HEAD~1" })).rejects.toMatchObject({ status: 422 });
    await expect(rest.repos.getCommit({ ...shop, ref: "--help" })).rejects.toMatchObject({ status: 422 });
  });

  it("are compared", async () => {
    const compare = async (basehead: string) =>
      (await rest.repos.compareCommitsWithBasehead({ ...shop, basehead })).data;
    expect(await compare("dev...main")).toMatchObject({
      status: "ahead",
      ahead_by: 1,
      commits: [{ sha: second }],
    });
    expect(await compare("main...dev")).toMatchObject({ status: "behind", behind_by: 1, commits: [] });
    expect(await compare("main...main")).toMatchObject({ status: "identical" });
    await expect(compare("main...none")).rejects.toMatchObject({ status: 404 });
  });

  it("show their files and folders", async () => {
    const content = async (path: string) =>
      (await rest.repos.getContent({ ...shop, path, ref: "main" })).data;
    const file = await content("src/a.txt");
    expect(Buffer.from((file as { content: string }).content, "base64").toString()).toBe("a\nb\n");
    expect(await content("")).toMatchObject([
      { name: "README.md", type: "file" },
      { name: "src", type: "dir" },
    ]);
    expect(await content("src")).toMatchObject([{ path: "src/a.txt" }]);
    await expect(content("src/none")).rejects.toMatchObject({ status: 404 });
  });

  it("stand behind branches", async () => {
    const { data } = await rest.repos.listBranches(shop);
    expect(data.map(({ name }) => name)).toEqual(expect.arrayContaining(["dev", "main"]));
    expect((await rest.repos.getBranch({ ...shop, branch: "main" })).data.commit.sha).toBe(second);
    await expect(rest.repos.getBranch({ ...shop, branch: "none" })).rejects.toMatchObject({ status: 404 });
  });
});
