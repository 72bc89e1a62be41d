import { afterAll, beforeAll, expect, it } from "vitest";
import { runGit as git } from "../../support/git.ts";
import { type Scene, setScene } from "./scene.ts";
import { runGit } from "./working-copy.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());

it.each([0, 1, 2])("answers version %i of git's protocol", async (version) => {
  const args = ["-c", `protocol.version=${version}`, "ls-remote", "--heads", scene.repository.cloneUrl];
  const heads = await runGit(undefined, scene.users.carol.token, args);
  const there = await git(scene.repository.bareDirectory, ["rev-parse", "main"]);
  expect(heads).toBe(`${there}\trefs/heads/dev\n${there}\trefs/heads/main`);
});

it("gives what came since the last time, also when so much is asked for that git compresses it", async () => {
  const copy = await scene.clone(scene.users.carol.token);
  const names = Array.from({ length: 40 }, (_, index) => `many/${index}`);
  const commits = names.map(
    (name, at) => `commit refs/heads/${name}\ncommitter Ada <ada@example.com> ${at} +0000\ndata 0\n`,
  );
  await git(scene.repository.bareDirectory, ["fast-import", "--quiet"], { input: commits.join("\n") });
  await copy.git("fetch", "--quiet", "origin");
  const fetched = await copy.git("for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes/origin/many");
  expect(fetched.split("\n").sort()).toEqual([...names].sort());
});

it("refuses what is no service of git's", async () => {
  const { token } = scene.users.carol;
  const authorization = `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  const ask = (query: string) =>
    fetch(`${scene.repository.cloneUrl}/info/refs${query}`, { headers: { authorization } });
  expect((await ask("")).status).toBe(403);
  expect((await ask("?service=git-upload-archive")).status).toBe(403);
});
