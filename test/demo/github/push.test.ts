import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Scene, setScene } from "./scene.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
beforeEach(() => {
  scene.receiver.received.splice(0);
});
afterAll(() => scene.close());

const events = async () => {
  await scene.github.idle();
  return scene.receiver.received;
};
const pushes = async () =>
  (await events()).filter(({ event }) => event === "push").map(({ payload }) => payload);

describe("a push", () => {
  it("sends one signed push event with before, after, commits and sender", async () => {
    const copy = await scene.clone(scene.users.bob.token, "one");
    const before = await copy.git("rev-parse", "HEAD");
    const after = await copy.commit({ "a.txt": "a" }, "add a");
    await copy.git("push", "--quiet", "origin", "main");
    const [push, ...others] = await pushes();
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
      installation: { id: scene.installationId },
      commits: [{ id: after, message: "add a", added: ["a.txt"] }],
      head_commit: { id: after },
    });
    expect((await events()).every(({ signed }) => signed)).toBe(true);
  });
});
