import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  failedDeliveries,
  findRefEvents,
  readDeliveryLog,
  redeliver,
} from "../../../adapters/github/deliveries.ts";
import { type Board, setBoard } from "./board.ts";

const hourAgo = () => Date.now() - 3600_000;
const zeros = "0".repeat(40);

let board: Board;
let copy: Awaited<ReturnType<Board["clone"]>>;
beforeAll(async () => {
  board = await setBoard();
  copy = await board.clone(board.users.alice.token);
});
beforeEach(async () => {
  board.receiver.status = 202;
  await board.github.idle();
});
afterAll(() => board.close());

let files = 0;
const commit = () => copy.commit({ [`file-${++files}.txt`]: "" });
const push = async (...refspecs: readonly string[]) => {
  await copy.git("push", "--quiet", "--force", "origin", ...refspecs);
  await board.github.idle();
};
/** One push of many branches: GitHub tells each of them. */
const pushMany = async (count: number) => {
  const id = await commit();
  await push(...Array.from({ length: count }, (_, n) => `${id}:refs/heads/busy-${files}-${n}`));
};
const find = (ref: string, after: string, repositoryId = board.repository.id) =>
  findRefEvents(board.asApp, { repositoryId, ref }).then((moves) =>
    moves.find((move) => move.after === after),
  );
const lastPush = () => board.github.deliveries.findLast(({ event }) => event === "push");
const failed = () => failedDeliveries(board.asApp, hourAgo());

describe("who moved a ref", () => {
  const ref = "refs/tags/deploy/dev/current";

  it("is told by the newest delivery that names ref and object, also when it never arrived", async () => {
    const [one, two] = [await commit(), await commit()];
    await push(`${one}:${ref}`);
    const first = lastPush();
    await push(`${two}:${ref}`);
    board.github.faults.onDelivery({ event: "push", effect: "withhold" });
    await push(`${one}:${ref}`);
    const again = lastPush();
    expect(again?.guid).not.toBe(first?.guid);
    expect(await find(ref, one)).toEqual({
      delivery: again?.guid,
      ref,
      before: two,
      after: one,
      sender: "alice",
      at: expect.any(Number),
    });
    expect(await find(ref, two)).toMatchObject({ before: one, after: two });
  });

  it("is not known for another ref, object or repository, nor when no delivery was made", async () => {
    const commitId = await commit();
    await push(`${commitId}:${ref}`);
    expect(await find("refs/tags/deploy/prod/current", commitId)).toBeUndefined();
    expect(await find(ref, "f".repeat(40))).toBeUndefined();
    expect(await find(ref, commitId, board.repository.id + 1)).toBeUndefined();
    board.github.faults.onDelivery({ event: "push", effect: "drop" });
    const lost = await commit();
    await push(`${lost}:${ref}`);
    expect(await find(ref, lost)).toBeUndefined();
  });

  it("is told of a ref that was deleted, too", async () => {
    await push(`${await commit()}:refs/tags/deploy/dev/frozen`);
    await push(":refs/tags/deploy/dev/frozen");
    expect(await find("refs/tags/deploy/dev/frozen", zeros)).toMatchObject({ after: zeros, sender: "alice" });
  });

  it("costs a bounded number of requests, however long the log", async () => {
    await pushMany(35);
    const before = board.count("GET", /hook\/deliveries\/[0-9]+/);
    expect(await find(ref, "e".repeat(40))).toBeUndefined();
    expect(board.count("GET", /hook\/deliveries\/[0-9]+/) - before).toBe(30);
  });
});

describe("the whole log", () => {
  it("tells every push of the repository, also those that never arrived", async () => {
    const one = await commit();
    board.github.faults.onDelivery({ event: "push", effect: "withhold" });
    await push(`${one}:refs/heads/told`);
    const { pushes } = await readDeliveryLog(board.asApp, board.repository.id);
    expect(pushes).toContainEqual(
      expect.objectContaining({ ref: "refs/heads/told", before: zeros, after: one }),
    );
    expect(await readDeliveryLog(board.asApp, board.repository.id + 1)).toEqual({
      pushes: [],
      askedAgain: [],
    });
  });
});

describe("failed deliveries", () => {
  const withheld = async (branch: string) => {
    board.github.faults.onDelivery({ event: "push", effect: "withhold" });
    await push(`${await commit()}:refs/heads/${branch}`);
    return lastPush();
  };
  const deliverAgain = async (id = 0) => {
    await redeliver(board.asApp, id);
    await board.github.idle();
    return board.github.deliveries.at(-1);
  };

  it("are those that were not delivered since, newest first, each once", async () => {
    const earlier = await failed();
    const one = await withheld("one");
    const two = await withheld("two");
    expect(await failed()).toEqual([two?.id, one?.id, ...earlier]);
    board.receiver.status = 503;
    const again = await deliverAgain(one?.id);
    expect(again).toMatchObject({ guid: one?.guid, redelivery: true, statusCode: 503 });
    expect(await failed()).toEqual([again?.id, two?.id, ...earlier]);
    board.receiver.status = 202;
    expect(await deliverAgain(again?.id)).toMatchObject({ guid: one?.guid, statusCode: 202 });
    expect(await failed()).toEqual([two?.id, ...earlier]);
    await deliverAgain(two?.id);
    expect(await failed()).toEqual(earlier);
  });

  it("older than asked for are left alone, without reading the whole log", async () => {
    const old = await withheld("three");
    await pushMany(60);
    const before = board.count("GET", /hook\/deliveries/);
    await failedDeliveries(board.asApp, Date.now() + 60_000);
    expect(board.count("GET", /hook\/deliveries/) - before).toBe(1);
    expect(await failed()).toContain(old?.id);
  });
});
