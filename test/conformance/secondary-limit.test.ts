import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type CheckState, createCheckRun, listCheckRuns } from "../../adapters/github/check-runs.ts";
import { ensureDeployment } from "../../adapters/github/deployments.ts";
import { type Board, setBoard } from "../adapters/github/board.ts";
import { shop } from "../demo/github/scene.ts";
import { expectConformance } from "./conformance.ts";

let board: Board;
beforeAll(async () => {
  board = await setBoard();
});
afterEach(() => board.github.faults.clear());
afterAll(() => board.close());

const refused = () => board.github.requests.filter(({ status }) => status === 403).length;
const state = (name: string): CheckState => ({
  name,
  commit: board.head,
  externalId: name,
  conclusion: undefined,
  output: { title: "t", summary: "s" },
});

it("Waymark asks once, waits as long as GitHub says, and makes a thing once", async () => {
  const { app, github, head, shopRepository } = board;
  github.faults.limit({ method: "POST", seconds: 1 });
  await createCheckRun(shopRepository, app.id, state("deploy/dev"));
  expect(refused()).toBe(1);
  expect(await listCheckRuns(shopRepository, app.id, head, "deploy/dev")).toHaveLength(1);
  await expectConformance(github);
});

it("while it waits, it asks nothing else either", async () => {
  const { app, client, github, head, shopRepository } = board;
  const before = refused();
  github.faults.limit({ path: /\/repos\//, seconds: 1 });
  const note = { environment: "dev", commit: head, attempt: "a", description: "d" };
  const first = client().repos.get(shop);
  await expect.poll(refused).toBe(before + 1);
  await Promise.all([
    first,
    client().repos.getBranch({ ...shop, branch: "main" }),
    createCheckRun(shopRepository, app.id, state("deploy/staging")),
    ensureDeployment(shopRepository, note),
  ]);
  expect(refused()).toBe(before + 1);
});
