import { generateKeyPairSync } from "node:crypto";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CheckState,
  createCheckRun,
  listCheckRuns,
  updateCheckRun,
} from "../../../adapters/github/check-runs.ts";
import { shop } from "../../demo/github/scene.ts";
import { type Board, setBoard } from "./board.ts";

let board: Board;
beforeAll(async () => {
  board = await setBoard();
});
afterAll(() => board.close());

const state = (given: Partial<CheckState> = {}): CheckState => ({
  name: "deploy/dev",
  commit: board.head,
  externalId: "an attempt",
  conclusion: undefined,
  output: { title: "Deploying", summary: "Getting ready." },
  ...given,
});
const list = (name?: string) => listCheckRuns(board.shopRepository, board.app.id, board.head, name);

it("a check run is made in progress, brought to its end, and read back", async () => {
  const name = "deploy/life";
  const id = await createCheckRun(board.shopRepository, board.app.id, state({ name }));
  expect(await list(name)).toEqual([
    {
      id,
      name,
      commit: board.head,
      externalId: "an attempt",
      status: "in_progress",
      conclusion: null,
      title: "Deploying",
      url: expect.stringMatching(/^http/),
    },
  ]);
  const actions = [{ label: "Retry", description: "Deploy this commit again", identifier: "retry" }];
  const ending = {
    conclusion: "failure",
    output: { title: "Failed", summary: "s", text: "t" },
    actions,
  } as const;
  await updateCheckRun(board.shopRepository, id, state({ name, externalId: "another", ...ending }));
  const [run] = await list(name);
  expect(run).toMatchObject({
    externalId: "another",
    status: "completed",
    conclusion: "failure",
    title: "Failed",
  });
  const { data } = await board.installationClient().checks.get({ ...shop, check_run_id: id });
  expect(data.output).toMatchObject({ title: "Failed", summary: "s", text: "t" });
  board.github.pressAction("acme/shop", id, "retry", "alice");
});

it("all check runs of a name are listed, newest first, and no others", async () => {
  const name = "deploy/many";
  const rest = board.installationClient();
  for (let n = 0; n < 3; n += 1) await rest.checks.create({ ...shop, name, head_sha: board.head });
  await rest.checks.create({ ...shop, name: "deploy/other", head_sha: board.head });
  const runs = await list(name);
  expect(runs).toHaveLength(3);
  expect(runs.map(({ id }) => id)).toEqual(runs.map(({ id }) => id).sort((a, b) => b - a));
  expect(
    runs.every(({ status, title, externalId }) => status === "queued" && !title && externalId === ""),
  ).toBe(true);
  expect((await list()).map((run) => run.name)).toContain("deploy/other");
});

it("more check runs than one page holds are all listed", async () => {
  const name = "deploy/pages";
  const rest = board.installationClient();
  for (let n = 0; n < 101; n += 1) await rest.checks.create({ ...shop, name, head_sha: board.head });
  expect(await list(name)).toHaveLength(101);
});

it("check runs of another App never count, whatever they are called", async () => {
  const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const other = board.github.createApp({
    slug: "imitator",
    publicKey: keys.publicKey.export({ type: "spki", format: "pem" }).toString(),
    webhookSecret: "x",
    webhookUrl: "http://127.0.0.1:9/",
    permissions: { checks: "write" },
    events: [],
  });
  const { installationId } = board.github.install(other, "acme", ["acme/shop"], "alice");
  const privateKey = keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const auth = { appId: other.id, privateKey, installationId };
  const rest = new Octokit({ baseUrl: board.github.apiUrl, authStrategy: createAppAuth, auth });
  const name = "deploy/imitated";
  const external_id = "rerun:mallory:1";
  await rest.checks.create({ ...shop, name, head_sha: board.head, external_id });
  expect(await list(name)).toEqual([]);
  const mine = await board.installationClient().checks.create({ ...shop, name, head_sha: board.head });
  expect((await list(name)).map(({ id }) => id)).toEqual([mine.data.id]);
});

it("a check run whose answer got lost is found again, not made twice", async () => {
  const name = "deploy/lost";
  board.github.faults.onRequest({ method: "POST", path: /check-runs$/, effect: { kind: "lose" } });
  const id = await createCheckRun(board.shopRepository, board.app.id, state({ name }));
  expect((await list(name)).map((run) => run.id)).toEqual([id]);
});

it("a check run is made in the end when GitHub is down for a moment, and not when it is down for long", async () => {
  const name = "deploy/down";
  const effect = { kind: "respond", status: 503 } as const;
  board.github.faults.onRequest({ method: "POST", path: /check-runs$/, effect });
  const id = await createCheckRun(board.shopRepository, board.app.id, state({ name }));
  expect((await list(name)).map((run) => run.id)).toEqual([id]);
  board.github.faults.onRequest({ method: "POST", path: /check-runs$/, effect, times: 3 });
  const given = state({ name: "deploy/down-for-long" });
  await expect(createCheckRun(board.shopRepository, board.app.id, given)).rejects.toMatchObject({
    status: 503,
  });
});

describe("texts longer than GitHub takes", () => {
  const limit = 65_535;

  it.each([
    ["a", "é", "€"],
    ["é", "😀", "a"],
  ])("are cut between characters, and say so (%s, %s, %s)", async (...fillers) => {
    const [title = "", summary = "", text = ""] = fillers.map((filler) => `xxx${filler.repeat(70_000)}`);
    const given = state({ name: `deploy/${fillers.join("")}`, output: { title, summary, text } });
    const check_run_id = await createCheckRun(board.shopRepository, board.app.id, given);
    const { output } = (await board.installationClient().checks.get({ ...shop, check_run_id })).data;
    for (const [shown, maximum] of [
      [output.title, 255],
      [output.summary, limit],
      [output.text, limit],
    ] as const) {
      const bytes = Buffer.byteLength(shown ?? "");
      expect(bytes).toBeLessThanOrEqual(maximum);
      expect(bytes).toBeGreaterThan(maximum - 4);
      expect(shown).toMatch(/\n… \(cut\)$/);
      expect(shown).not.toContain("\uFFFD");
    }
  });

  it("keep what they held: a replacement character of the author's own stays", async () => {
    const summary = `${"x".repeat(limit - 20)}\uFFFD\uFFFD\uFFFD`;
    const id = await createCheckRun(
      board.shopRepository,
      board.app.id,
      state({ name: "deploy/exact", output: { title: "t", summary } }),
    );
    const { data } = await board.installationClient().checks.get({ ...shop, check_run_id: id });
    expect(data.output.summary).toBe(summary);
  });
});
