import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Scene, setScene, shop } from "./scene.ts";

let scene: Scene;
let number = 0;
beforeAll(async () => {
  scene = await setScene();
});
beforeEach(async () => {
  await scene.github.idle();
  scene.receiver.received.splice(0);
  scene.receiver.status = 202;
  scene.github.faults.clear();
});
afterAll(() => scene.close());

/** Makes a branch, so that a push is to be told, and waits until it was, or was not. */
async function push(): Promise<string> {
  const rest = scene.as(scene.users.bob);
  const { data } = await rest.repos.getCommit({ ...shop, ref: "main" });
  const ref = `refs/heads/b${number++}`;
  await rest.git.createRef({ ...shop, ref, sha: data.sha });
  await scene.github.idle();
  return ref;
}

const received = () => scene.receiver.received.filter(({ event }) => event === "push");
const logged = (ref: string) =>
  scene.github.deliveries.filter(({ event, request }) => event === "push" && request.payload.ref === ref);

describe("a delivery", () => {
  it("carries GitHub's headers and is logged", async () => {
    const ref = await push();
    const [delivery] = logged(ref);
    expect(delivery).toMatchObject({
      status: "OK",
      statusCode: 202,
      redelivery: false,
      installationId: scene.installationId,
    });
    expect(received()[0]?.headers).toMatchObject({
      "x-github-event": "push",
      "x-github-delivery": delivery?.guid,
      "x-github-hook-installation-target-id": String(scene.app.id),
      "x-github-hook-installation-target-type": "integration",
      "user-agent": expect.stringMatching(/^GitHub-Hookshot\//),
      "content-type": "application/json",
    });
  });

  it("has a guid of its own", async () => {
    await push();
    await push();
    const guids = scene.receiver.received.map(({ guid }) => guid);
    expect(new Set(guids).size).toBe(guids.length);
  });

  it("is logged as failed when the App refuses it or is not there, and is not tried again", async () => {
    scene.receiver.status = 503;
    const refused = await push();
    expect(logged(refused)).toMatchObject([{ statusCode: 503, status: "Invalid HTTP Response: 503" }]);
    scene.github.setWebhookUrl(scene.app, "http://127.0.0.1:1/nobody");
    const lost = await push();
    scene.github.setWebhookUrl(scene.app, scene.receiver.url);
    expect(logged(lost)).toMatchObject([{ statusCode: 502, status: "failed to connect to host" }]);
    expect(received()).toHaveLength(1);
  });
});

describe("the delivery log", () => {
  it("lists metadata, newest first, by cursor and by outcome, and shows payloads one by one", async () => {
    const rest = scene.appClient();
    scene.github.faults.onDelivery({ event: "push", effect: "withhold" });
    const ref = await push();
    const { data } = await rest.apps.listWebhookDeliveries({ per_page: 100 });
    expect(data.map(({ id }) => id)).toEqual(data.map(({ id }) => id).toSorted((a, b) => b - a));
    const pages = await rest.paginate(rest.apps.listWebhookDeliveries, { per_page: 2 });
    expect(pages.map(({ id }) => id)).toEqual(scene.github.deliveries.map(({ id }) => id).toReversed());
    const failed = await rest.request("GET /app/hook/deliveries", { status: "failure" });
    expect(failed.data.every(({ status_code }) => status_code >= 400)).toBe(true);
    expect(failed.data[0]).not.toHaveProperty("request");
    const newest = Number(failed.data[0]?.id);
    const { data: one } = await rest.apps.getWebhookDelivery({ delivery_id: newest });
    expect(one.request.payload).toMatchObject({ ref });
  });

  it("serves redelivery under the same guid", async () => {
    scene.github.faults.onDelivery({ event: "push", effect: "withhold" });
    const ref = await push();
    expect(received()).toEqual([]);
    const [withheld] = logged(ref);
    expect(withheld).toMatchObject({ statusCode: 502 });
    await scene.appClient().apps.redeliverWebhookDelivery({ delivery_id: withheld?.id ?? 0 });
    await scene.github.idle();
    expect(received()).toMatchObject([{ guid: withheld?.guid, signed: true, payload: { ref } }]);
    expect(logged(ref).map(({ redelivery, statusCode }) => [redelivery, statusCode])).toEqual([
      [false, 502],
      [true, 202],
    ]);
  });

  it("is the App's own", async () => {
    const alice = scene.as(scene.users.alice);
    await expect(alice.apps.listWebhookDeliveries()).rejects.toMatchObject({ status: 401 });
    await expect(scene.appClient().apps.getWebhookDelivery({ delivery_id: 1 })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe("delivery faults", () => {
  it("drop without a trace", async () => {
    scene.github.faults.onDelivery({ event: "push", effect: "drop" });
    const ref = await push();
    expect([received().length, logged(ref).length]).toEqual([0, 0]);
    await push();
    expect(received()).toHaveLength(1);
  });

  it("duplicate under one guid", async () => {
    scene.github.faults.onDelivery({ event: "push", effect: "duplicate" });
    await push();
    const guids = received().map(({ guid }) => guid);
    expect(guids).toHaveLength(2);
    expect(new Set(guids).size).toBe(1);
  });

  it("hit one repository and leave others alone", async () => {
    const { id } = scene.repository;
    scene.github.faults.onDelivery({ event: "push", repositoryId: id + 1, effect: "drop" });
    await push();
    expect(received()).toHaveLength(1);
    scene.github.faults.onDelivery({ event: "push", repositoryId: id, effect: "drop" });
    await push();
    expect(received()).toHaveLength(1);
  });
});
