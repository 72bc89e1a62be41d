import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { installationClient, installationToken } from "../../../adapters/github/client.ts";
import { burst } from "../../../adapters/github/write-budget.ts";
import { shop } from "../../demo/github/scene.ts";
import { deferred } from "../../support/deferred.ts";
import { type Board, setBoard } from "./board.ts";

let board: Board;
beforeAll(async () => {
  board = await setBoard();
});
afterEach(() => board.github.faults.clear());
afterAll(() => board.close());

const read = (client = board.client()) => client.repos.get(shop);
const path = /\/repos\/acme\/shop$/;
const reads = () => board.count("GET", path);

describe("signing in", () => {
  it("as the App and as its installation go to the API that was named, and nowhere else", async () => {
    expect((await board.asApp.apps.getAuthenticated()).data?.slug).toBe("waymark");
    expect((await read()).data.full_name).toBe("acme/shop");
    expect(board.github.unknownRequests()).toEqual([]);
  });

  it("gives a token that is good for git, and the same again while it lasts", async () => {
    const client = board.client();
    const token = await installationToken(client);
    expect(token).toMatch(/^ghs_/);
    expect(await installationToken(client)).toBe(token);
    const copy = await board.clone(token, "by-token");
    expect(await copy.git("rev-parse", "HEAD")).toBe(board.head);
  });

  it("fails for an installation that is not ours", async () => {
    await expect(installationToken(board.client(999_999))).rejects.toMatchObject({ status: 404 });
  });
});

describe("GitHub in trouble", () => {
  it.each([
    ["a bad gateway", { kind: "respond", status: 502 }],
    ["a connection that breaks", { kind: "drop" }],
  ] as const)("after %s a call is tried again", async (_, effect) => {
    board.github.faults.onRequest({ path, effect });
    expect((await read()).status).toBe(200);
  });

  it("what is refused is not tried again", async () => {
    for (const status of [400, 403, 404, 422]) {
      const before = reads();
      board.github.faults.onRequest({ path, effect: { kind: "respond", status } });
      await expect(read()).rejects.toMatchObject({ status });
      expect(reads() - before).toBe(0);
    }
  });

  it("its secondary limit is waited for as long as it says, and told to the log", async () => {
    const effect = {
      kind: "respond",
      status: 403,
      headers: { "retry-after": "1" },
      message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    } as const;
    board.github.faults.onRequest({ path, effect, times: 2 });
    expect((await read()).status).toBe(200);
    const told = board.lines.filter((line) => line.includes("rate limit is reached"));
    expect(told).toHaveLength(2);
    expect(told[0]).toContain(`"client":"installation-${board.installationId}"`);
  });

  it("its secondary limit is not waited for without end", async () => {
    const effect = {
      kind: "respond",
      status: 429,
      headers: { "retry-after": "0.1" },
      message: "You have exceeded a secondary rate limit.",
    } as const;
    board.github.faults.onRequest({ path, effect, times: 100 });
    await expect(read()).rejects.toMatchObject({ status: 429 });
  });

  it("the hourly limit is waited for until it is over", async () => {
    const reset = String(Math.floor(Date.now() / 1000));
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
    const message = "API rate limit exceeded for installation.";
    board.github.faults.onRequest({ path, effect: { kind: "respond", status: 403, headers, message } });
    expect((await read()).status).toBe(200);
  });
});

describe("installations", () => {
  it("do not wait for each other's writes", async () => {
    const { github, app } = board;
    await github.createRepository("other/site", { from: `${board.directory}/content` });
    const { installationId } = github.install(app, "other", ["other/site"]);
    const written: string[] = [];
    const write = async (
      client: ReturnType<Board["client"]>,
      owner: string,
      repo: string,
      head_sha: string,
    ) => {
      await client.checks.create({ owner, repo, name: "deploy/dev", head_sha });
      written.push(owner);
    };
    const other = board.client(installationId);
    const { data } = await other.repos.getCommit({ owner: "other", repo: "site", ref: "main" });
    const mine = board.client();
    const writes = Array.from({ length: burst + 2 }, () => write(mine, "acme", "shop", board.head));
    await Promise.any(writes);
    await write(other, "other", "site", data.sha);
    await Promise.all(writes);
    expect(written).toHaveLength(burst + 3);
    expect(written.at(-1)).toBe("acme");
  });
});

it("each write waits for its turn among all processes; a read does not, and neither does asking for a token", async () => {
  const turn = deferred();
  const asked: string[] = [];
  const budget = {
    turn: async (id: string) => {
      asked.push(id);
      await turn.promise;
    },
    count: () => undefined,
  };
  const client = installationClient({ ...board.credentials, budget }, board.installationId, board.log);
  const writes = () => board.count("POST", /\/check-runs$/);
  const before = writes();
  const writing = client.checks.create({ ...shop, name: "deploy/dev", head_sha: board.head });
  expect((await read(client)).status).toBe(200);
  expect(asked).toEqual([`installation-${board.installationId}`]);
  expect(writes()).toBe(before);
  turn.resolve();
  await writing;
  expect(writes()).toBe(before + 1);
  expect(asked).toHaveLength(1);
});

it("no token and no key is told, neither to the log nor in an error", async () => {
  const client = board.client();
  const token = await installationToken(client);
  const told: unknown[] = [];
  for (const call of [
    () => client.repos.get({ owner: "acme", repo: "none" }),
    () => client.git.updateRef({ ...shop, ref: "heads/none", sha: "f".repeat(40) }),
    () => board.asApp.apps.getInstallation({ installation_id: 5 }),
    () => installationToken(board.client(5)),
  ]) {
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    board.log.error({ err: error }, "failed");
    told.push(String(error), JSON.stringify(error), error instanceof Error ? error.stack : "");
  }
  const everything = told.join("") + board.lines.join("");
  expect(everything).toContain("REDACTED");
  for (const secret of [token, "ghs_", "eyJ", "BEGIN"]) expect(everything).not.toContain(secret);
});
