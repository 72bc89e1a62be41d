import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openMirror } from "../../../adapters/git/mirror.ts";
import { pushRefs } from "../../../adapters/git/push.ts";
import { appKeys, type Scene, setScene, shop } from "./scene.ts";

const workflow = ".github/workflows/ci.yml";
const refusal = /refusing to allow a GitHub App to create or update workflow `.github\/workflows\/ci.yml`/;

let scene: Scene;
/** Clones of a person, of an App without the permission, and of one with it. */
let person: Awaited<ReturnType<Scene["clone"]>>;
let without: Awaited<ReturnType<Scene["clone"]>>;
let permitted: Awaited<ReturnType<Scene["clone"]>>;
/** main's earlier head, whose workflow no branch has any more. */
let old: string;
let token: string;

beforeAll(async () => {
  scene = await setScene();
  person = await scene.clone(scene.users.bob.token, "person");
  old = await person.commit({ [workflow]: "name: one\n" });
  await person.git("push", "--quiet", "origin", "main");
  await person.commit({ [workflow]: "name: two\n" });
  await person.git("push", "--quiet", "origin", "main");
  token = await tokenOf(scene.app.id, scene.installationId);
  without = await scene.clone(token, "without");
  permitted = await scene.clone(await tokenOf(...permittedApp()), "permitted");
  await scene.github.idle();
});
beforeEach(() => void scene.receiver.received.splice(0));
afterAll(() => scene.close());

function permittedApp(): [number, number] {
  const app = scene.github.createApp({
    slug: "permitted",
    publicKey: appKeys.publicKey,
    webhookSecret: "s",
    webhookUrl: scene.receiver.url,
    permissions: { contents: "write", workflows: "write" },
    events: [],
  });
  return [app.id, scene.github.install(app, "acme", ["acme/shop"], "alice").installationId];
}

async function tokenOf(app: number, installation: number): Promise<string> {
  const auth = await scene.installationClient(app, installation).auth({ type: "installation" });
  return (auth as { token: string }).token;
}

const tagsNamed = (name: string) => person.git("ls-remote", "origin", `refs/tags/${name}`);

describe("an App without the permission for workflows", () => {
  it("may not tag a commit whose workflow no branch has, and nobody hears of it", async () => {
    await expect(without.git("push", "origin", `${old}:refs/tags/old`)).rejects.toThrow(refusal);
    expect(await tagsNamed("old")).toBe("");
    await scene.github.idle();
    expect(scene.receiver.received).toEqual([]);
  });

  it("may not do so by an annotated tag either, nor bring in a new workflow", async () => {
    await without.git("tag", "--annotate", "--message", "m", "annotated", old);
    await expect(without.git("push", "origin", "annotated")).rejects.toThrow(refusal);
    await without.commit({ [workflow]: "name: three\n" });
    await expect(without.git("push", "origin", "HEAD:refs/heads/three")).rejects.toThrow(refusal);
    await without.git("reset", "--quiet", "--hard", "origin/main");
  });

  it("may not do so by REST", async () => {
    const { git } = scene.installationClient();
    const wish = { ...shop, ref: "refs/tags/old", sha: old };
    await expect(git.createRef(wish)).rejects.toMatchObject({
      status: 403,
      message: expect.stringMatching(/not accessible by integration/),
    });
    expect(await tagsNamed("old")).toBe("");
  });

  it("loses everything that it pushed beside it", async () => {
    const both = [`${old}:refs/tags/old`, "origin/main:refs/tags/new"];
    await expect(without.git("push", "--atomic", "origin", ...both)).rejects.toThrow(refusal);
    expect(await tagsNamed("*")).toBe("");
  });

  it("may tag what a branch has, push other files, and delete", async () => {
    await without.git("push", "--quiet", "origin", "origin/main:refs/tags/fine");
    await without.commit({ "a.txt": "a" });
    await without.git("push", "--quiet", "origin", "HEAD:refs/heads/feature");
    await without.git("push", "--quiet", "--delete", "origin", "fine", "feature");
    expect(await tagsNamed("fine")).toBe("");
  });
});

it("Waymark takes the refusal for one, in GitHub's own words", async () => {
  const mirror = await openMirror({
    root: path.join(scene.directory, "mirrors"),
    repository: scene.repository.id,
    url: scene.repository.cloneUrl,
    token: async () => token,
  });
  await mirror.remote(["fetch", "--quiet", mirror.url, old]);
  const ref = "refs/tags/deploy/dev/1";
  const result = await pushRefs(mirror, [{ ref, expected: undefined, target: old }]);
  expect(result).toEqual({
    moved: false,
    why: "refused",
    refs: [ref],
    said: expect.stringMatching(refusal),
  });
});

it("whoever has the permission, and any person, may", async () => {
  await permitted.git("push", "--quiet", "origin", `${old}:refs/tags/by-app`);
  await person.git("push", "--quiet", "origin", `${old}:refs/tags/by-person`);
  expect(await tagsNamed("by-*")).toContain("refs/tags/by-person");
  expect(await tagsNamed("by-*")).toContain("refs/tags/by-app");
});
