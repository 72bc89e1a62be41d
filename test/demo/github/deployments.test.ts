import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Scene, setScene, shop } from "./scene.ts";

let scene: Scene;
let rest: ReturnType<Scene["installationClient"]>;
let sha: string;
beforeAll(async () => {
  scene = await setScene();
  rest = scene.installationClient();
  sha = (await rest.repos.getCommit({ ...shop, ref: "main" })).data.sha;
});
afterAll(() => scene.close());

const plain = { ...shop, required_contexts: [], auto_merge: false };
const create = async (environment: string, more = {}) => {
  const { data } = await rest.repos.createDeployment({ ...plain, ref: sha, environment, ...more });
  if (!("id" in data)) throw new Error("not created");
  return data;
};
const statesOf = async (deployment_id: number) =>
  (await rest.repos.listDeploymentStatuses({ ...shop, deployment_id })).data.map(({ state }) => state);

describe("a Deployment", () => {
  it("is made, found and followed", async () => {
    const deployment = await create("dev", { payload: { number: 1 }, description: "one" });
    expect(deployment).toMatchObject({
      sha,
      task: "deploy",
      payload: { number: 1 },
      creator: { login: "waymark[bot]" },
    });
    const status = { ...shop, deployment_id: deployment.id };
    await rest.repos.createDeploymentStatus({ ...status, state: "in_progress" });
    await rest.repos.createDeploymentStatus({
      ...status,
      state: "success",
      log_url: "http://127.0.0.1:1/log",
    });
    expect(await statesOf(deployment.id)).toEqual(["success", "in_progress"]);
    const { data: found } = await rest.repos.listDeployments({ ...shop, environment: "dev", sha });
    expect(found.map(({ id }) => id)).toEqual([deployment.id]);
    expect((await rest.repos.listDeployments({ ...shop, environment: "none" })).data).toEqual([]);
    await scene.github.idle();
    const told = scene.receiver.received.filter(({ event }) => event.startsWith("deployment"));
    expect(told.map(({ event, payload }) => [event, payload.deployment_status?.state])).toEqual([
      ["deployment", undefined],
      ["deployment_status", "in_progress"],
      ["deployment_status", "success"],
    ]);
  });

  it("makes the ones before it inactive", async () => {
    const [one, two] = [await create("stage"), await create("stage")];
    for (const { id } of [one, two]) {
      await rest.repos.createDeploymentStatus({ ...shop, deployment_id: id, state: "success" });
    }
    expect(await statesOf(one.id)).toEqual(["inactive", "success"]);
    expect(await statesOf(two.id)).toEqual(["success"]);
  });

  it("is refused with 409 while a check has not passed, unless no context is required", async () => {
    const { data: run } = await rest.checks.create({ ...shop, name: "deploy/dev", head_sha: sha });
    await expect(create("dev", { required_contexts: undefined })).rejects.toMatchObject({ status: 409 });
    await expect(create("dev", { required_contexts: ["other"] })).rejects.toMatchObject({ status: 409 });
    await expect(create("dev")).resolves.toMatchObject({ sha });
    await rest.checks.update({ ...shop, check_run_id: run.id, conclusion: "success" });
    await expect(create("dev", { required_contexts: undefined })).resolves.toMatchObject({ sha });
  });

  it("merges the default branch first, unless told not to", async () => {
    const copy = await scene.clone(scene.users.bob.token);
    await copy.commit({ "main.txt": "main" });
    await copy.git("push", "--quiet", "origin", "main");
    await expect(create("dev", { ref: "dev" })).resolves.toMatchObject({ sha });
    const { status } = await rest.repos.createDeployment({ ...shop, required_contexts: [], ref: "dev" });
    expect(status).toBe(202);
    const { data } = await rest.repos.compareCommitsWithBasehead({ ...shop, basehead: "main...dev" });
    expect(data.behind_by).toBe(0);
  });

  it("needs a ref that exists, a short description and a known state", async () => {
    await expect(create("dev", { ref: "none" })).rejects.toMatchObject({ status: 422 });
    await expect(create("dev", { description: "x".repeat(141) })).rejects.toMatchObject({ status: 422 });
    const { id } = await create("dev");
    const wrong = { ...shop, deployment_id: id, state: "done" as "success" };
    await expect(rest.repos.createDeploymentStatus(wrong)).rejects.toMatchObject({ status: 422 });
  });
});
