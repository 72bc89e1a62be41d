import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type DeploymentNote,
  deploymentState,
  ensureDeployment,
  findDeployment,
  setDeploymentState,
} from "../../../adapters/github/deployments.ts";
import { shop } from "../../demo/github/scene.ts";
import { type Board, setBoard } from "./board.ts";

let board: Board;
beforeAll(async () => {
  board = await setBoard();
});
afterAll(() => board.close());

const note = (given: Partial<DeploymentNote> = {}): DeploymentNote => ({
  environment: "dev",
  commit: board.head,
  attempt: "attempt one",
  description: "promotion",
  ...given,
});
const made = async (environment: string) =>
  (await board.installationClient().repos.listDeployments({ ...shop, environment })).data;

it("each attempt gets one Deployment, however often it is told", async () => {
  const first = await ensureDeployment(board.shopRepository, note());
  expect(await ensureDeployment(board.shopRepository, note())).toBe(first);
  const second = await ensureDeployment(board.shopRepository, note({ attempt: "attempt two" }));
  expect(second).not.toBe(first);
  expect(await findDeployment(board.shopRepository, note())).toBe(first);
  expect(await findDeployment(board.shopRepository, note({ environment: "prod" }))).toBeUndefined();
  expect(await findDeployment(board.shopRepository, note({ attempt: "attempt" }))).toBeUndefined();
  expect(await made("dev")).toHaveLength(2);
});

it("a Deployment is made although a check of the commit is pending, and without merging anything", async () => {
  await board.installationClient().checks.create({ ...shop, name: "deploy/pending", head_sha: board.head });
  const id = await ensureDeployment(board.shopRepository, note({ environment: "pending" }));
  const { data } = await board.installationClient().repos.getDeployment({ ...shop, deployment_id: id });
  expect(data).toMatchObject({ sha: board.head, ref: board.head, payload: { attempt: "attempt one" } });
});

it("its newest state can be read back; before the first there is none", async () => {
  const id = await ensureDeployment(board.shopRepository, note({ environment: "states" }));
  expect(await deploymentState(board.shopRepository, id)).toBeUndefined();
  await setDeploymentState(board.shopRepository, id, "in_progress", "Deploying");
  await setDeploymentState(board.shopRepository, id, "success", "é".repeat(500));
  expect(await deploymentState(board.shopRepository, id)).toBe("success");
});

it.each([
  ["lost", { kind: "lose" }],
  ["broken", { kind: "drop" }],
  ["refused", { kind: "respond", status: 502 }],
] as const)("one whose making was %s is made once", async (environment, effect) => {
  board.github.faults.onRequest({ method: "POST", path: /deployments$/, effect });
  const first = await ensureDeployment(board.shopRepository, note({ environment }));
  expect(await ensureDeployment(board.shopRepository, note({ environment }))).toBe(first);
  expect(await made(environment)).toHaveLength(1);
});

it("what GitHub refuses for good is not asked again", async () => {
  const before = board.count("POST", /deployments$/);
  const unknown = note({ commit: "f".repeat(40) });
  await expect(ensureDeployment(board.shopRepository, unknown)).rejects.toMatchObject({ status: 422 });
  expect(board.count("POST", /deployments$/)).toBe(before + 1);
});

it("Deployments that others made are no attempts of ours", async () => {
  const rest = board.installationClient();
  const environment = "others";
  for (const payload of ["no JSON", '"text"', '{"attempt":5}']) {
    await rest.repos.createDeployment({
      ...shop,
      ref: board.head,
      environment,
      payload,
      auto_merge: false,
      required_contexts: [],
    });
  }
  const wanted = note({ environment, attempt: "5" });
  expect(await findDeployment(board.shopRepository, wanted)).toBeUndefined();
  const id = await ensureDeployment(board.shopRepository, wanted);
  expect(await findDeployment(board.shopRepository, wanted)).toBe(id);
});
