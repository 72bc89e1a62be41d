import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCheckRun, listCheckRuns, updateCheckRun } from "../../adapters/github/check-runs.ts";
import { failedDeliveries, findRefEvents, redeliver } from "../../adapters/github/deliveries.ts";
import { deploymentState, ensureDeployment, setDeploymentState } from "../../adapters/github/deployments.ts";
import { findInstallation } from "../../adapters/github/installations.ts";
import { mayMaintain } from "../../adapters/github/permissions.ts";
import { type Board, setBoard } from "../adapters/github/board.ts";
import { shop } from "../demo/github/scene.ts";
import { expectConformance, trafficFaults } from "./conformance.ts";
import { findRoute } from "./description/routes.ts";
import { answerFaults, findAnswerFault } from "./known-faults.ts";

let board: Board;
beforeAll(async () => {
  board = await setBoard();
});
afterAll(() => board.close());

const long = "é".repeat(70_000);

describe("what Waymark asks of GitHub is as GitHub describes it", () => {
  it("about check runs, however much there is to say", async () => {
    const { app, head, shopRepository } = board;
    const base = { name: "deploy/dev", commit: head, externalId: "a", conclusion: undefined };
    const id = await createCheckRun(shopRepository, app.id, {
      ...base,
      output: { title: "t", summary: "s" },
    });
    const actions = [{ label: "Retry", description: "Deploy this commit again", identifier: "retry" }];
    const output = { title: long, summary: long, text: long };
    await updateCheckRun(shopRepository, id, { ...base, conclusion: "failure", output, actions });
    expect(await listCheckRuns(shopRepository, app.id, head)).toHaveLength(1);
    expect(await listCheckRuns(shopRepository, app.id, head, "deploy/dev")).toHaveLength(1);
    await expectConformance(board.github);
  });

  it("about Deployments, however much there is to say", async () => {
    const { head, shopRepository } = board;
    const note = { environment: "dev", commit: head, attempt: "a", description: long };
    const id = await ensureDeployment(shopRepository, note);
    expect(await ensureDeployment(shopRepository, note)).toBe(id);
    await setDeploymentState(shopRepository, id, "success", long);
    expect(await deploymentState(shopRepository, id)).toBe("success");
    await expectConformance(board.github);
  });

  it("about deliveries", async () => {
    const { asApp, github, receiver, repository } = board;
    const copy = await board.clone(board.users.alice.token);
    const after = await copy.commit({ "a.txt": "a" });
    receiver.status = 500;
    await copy.git("push", "--quiet", "origin", "main");
    await github.idle();
    receiver.status = 202;
    const [moved] = await findRefEvents(asApp, { repositoryId: repository.id, ref: "refs/heads/main" });
    expect(moved?.after).toBe(after);
    expect(moved?.sender).toBe("alice");
    const [failed = 0] = await failedDeliveries(asApp, 0);
    await redeliver(asApp, failed);
    await expectConformance(github);
  });

  it("about the App and people, also when there are none", async () => {
    const { asApp, installationId, shopRepository } = board;
    expect(await findInstallation(asApp, "acme/shop")).toBe(installationId);
    expect(await findInstallation(asApp, "acme/none")).toBeUndefined();
    expect(await mayMaintain(shopRepository, "alice")).toBe(true);
    expect(await mayMaintain(shopRepository, "nobody")).toBe(false);
    await expectConformance(board.github);
  });
});

describe("a refusal is as GitHub describes it, or as the list of known faults says", () => {
  const ask = (path: string, init: RequestInit = {}) => fetch(`${board.github.apiUrl}${path}`, init);
  const as = (user: "bob" | "carol") => ({ authorization: `token ${board.users[user].token}` });
  const post = (user: "bob" | "carol", body: object) => ({
    method: "POST",
    headers: as(user),
    body: JSON.stringify(body),
  });
  const faultsOfLast = () => trafficFaults({ requests: board.github.requests.slice(-1), deliveries: [] });

  it("of bad credentials, of a person who may not, and of what is not there", async () => {
    const answers = [
      await ask("/repos/acme/shop", { headers: { authorization: "token wrong" } }),
      await ask("/repos/acme/shop/pulls", post("bob", { head: "none", base: "main", title: "t" })),
      await ask("/repos/acme/shop/deployments", post("carol", { ref: "main" })),
      await ask("/repos/acme/none/check-runs", post("bob", { name: "n", head_sha: board.head })),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 422, 403, 404]);
    await expectConformance(board.github);
  });

  it("of what has not changed", async () => {
    const etag = (await ask("/repos/acme/shop", { headers: as("bob") })).headers.get("etag") ?? "";
    const again = await ask("/repos/acme/shop", { headers: { ...as("bob"), "if-none-match": etag } });
    expect(again.status).toBe(304);
    expect(faultsOfLast()).toEqual([]);
  });

  it("of a check run beyond the limits, and of a Deployment before its checks have passed", async () => {
    const { checks, repos } = board.installationClient();
    const unknown = { ...shop, name: "deploy/dev", head_sha: "1".repeat(40) };
    await expect(checks.create(unknown)).rejects.toMatchObject({ status: 422 });
    expect(faultsOfLast()).toEqual([]);
    await checks.create({ ...shop, name: "deploy/dev", head_sha: board.head });
    const early = { ...shop, ref: board.head, auto_merge: false };
    await expect(repos.createDeployment(early)).rejects.toMatchObject({ status: 409 });
    expect(faultsOfLast()).toEqual([]);
  });

  it("and nothing is on that list for nothing", () => {
    const undescribed = board.github.requests.flatMap((request) => {
      const route = findRoute(request.method, request.path);
      const answer = route?.operation.responses.get(String(request.status));
      return route === undefined || answer !== undefined ? [] : [findAnswerFault(request, route.template)];
    });
    expect(answerFaults.filter((fault) => !undescribed.includes(fault))).toEqual([]);
  });
});
