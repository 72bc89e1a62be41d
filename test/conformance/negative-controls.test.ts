import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiRequest } from "../../demo/github/model/api-request.ts";
import type { Delivery } from "../../demo/github/model/delivery.ts";
import { type Scene, setScene, shop } from "../demo/github/scene.ts";
import { expectConformance, trafficFaults } from "./conformance.ts";
import { schemaOf } from "./schema/schema.ts";

let scene: Scene;
let requests: Readonly<Record<"create" | "list" | "remove", ApiRequest>>;
let webhook: Delivery;

beforeAll(async () => {
  scene = await setScene();
  const { checks, repos } = scene.installationClient();
  const { git } = scene.as(scene.users.bob);
  const head_sha = (await repos.getCommit({ ...shop, ref: "main" })).data.sha;
  const output = { title: "t", summary: "s" };
  const actions = [{ label: "Retry", description: "Once more", identifier: "retry" }];
  await checks.create({
    ...shop,
    name: "check",
    head_sha,
    output,
    actions,
    started_at: "2026-01-01T00:00:00Z",
  });
  const create = last();
  await checks.listForRef({ ...shop, ref: "main", per_page: 100, app_id: scene.app.id });
  const list = last();
  await git.createRef({ ...shop, ref: "refs/heads/new", sha: head_sha });
  await git.deleteRef({ ...shop, ref: "heads/new" });
  requests = { create, list, remove: last() };
  await scene.github.idle();
  webhook = scene.github.deliveries.find(({ event }) => event === "push") ?? fail();
});
afterAll(() => scene.close());

const last = (): ApiRequest => scene.github.requests.at(-1) ?? fail();
function fail(): never {
  throw new Error("nothing was recorded");
}

const asked = (request: ApiRequest) => trafficFaults({ requests: [request], deliveries: [] });
const sent = (delivery: Delivery) => trafficFaults({ requests: [], deliveries: [delivery] });

/** A copy of a JSON value with what is at a path replaced, or taken away (`undefined`). */
function changed(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value))
    return value.map((one, at) => (String(at) === key ? changed(one, rest, to) : one));
  const here = schemaOf.parse(value);
  return { ...here, [key]: changed(here[key], rest, to) };
}

const withBody = (path: string, to: unknown): ApiRequest => {
  const body: unknown = JSON.parse(JSON.stringify(changed(requests.create.body, path.split("."), to)));
  return { ...requests.create, body };
};
const withAnswer = (path: string, to: unknown): ApiRequest => {
  const answer = changed(JSON.parse(requests.create.answer), path.split("."), to);
  return { ...requests.create, answer: JSON.stringify(answer) };
};
const withPayload = (path: string, to: unknown): Delivery => {
  const tampered = JSON.parse(JSON.stringify(changed(webhook.request.payload, path.split("."), to)));
  return { ...webhook, request: { ...webhook.request, payload: schemaOf.parse(tampered) } };
};

it("what they change is without fault before", async () => {
  await expectConformance(scene.github);
  expect(Object.values(requests).flatMap(asked)).toEqual([]);
  expect(sent(webhook)).toEqual([]);
});

describe("a request is refused", () => {
  it.each<[string, () => ApiRequest, RegExp]>([
    [
      "that misspells a key",
      () => withBody("detials_url", "http://x"),
      /body: it has an unknown key: detials_url/,
    ],
    ["that misspells a key further inside", () => withBody("output.sumary", "s"), /unknown key: sumary/],
    ["that misspells a key in a list", () => withBody("actions.0.name", "s"), /unknown key: name/],
    ["that lacks a key", () => withBody("head_sha", undefined), /required property 'head_sha'/],
    ["with a value of another type", () => withBody("external_id", 5), /\/external_id must be string/],
    [
      "with a value that is none of those possible",
      () => withBody("status", "done"),
      /\/status must be equal to one/,
    ],
    [
      "with a value that is too long",
      () => withBody("actions.0.label", "x".repeat(21)),
      /more than 20 characters/,
    ],
    [
      "with a list that is too long",
      () => withBody("actions", Array(4).fill({ label: "l", description: "d", identifier: "i" })),
      /more than 3 items/,
    ],
    ["with a time that is none", () => withBody("started_at", "yesterday"), /date-time/],
    ["without the body it needs", () => ({ ...requests.create, body: undefined }), /body: there is none/],
    [
      "with a body where none is described",
      () => ({ ...requests.list, body: {} }),
      /body: none is described/,
    ],
    [
      "with an unknown key in its query",
      () => ({ ...requests.list, query: "perpage=100" }),
      /additional properties.*perpage/,
    ],
    [
      "with a text for a number in its query",
      () => ({ ...requests.list, query: "per_page=all" }),
      /\/per_page must be integer/,
    ],
    [
      "with a key twice in its query",
      () => ({ ...requests.list, query: "filter=all&filter=latest" }),
      /\/filter must be string/,
    ],
    [
      "with a text for a number in its path",
      () => ({ ...requests.list, path: "/repos/acme/shop/check-runs/one" }),
      /\/check_run_id must be integer/,
    ],
    [
      "for a path that GitHub does not have",
      () => ({ ...requests.list, path: "/repos/acme/shop/check-run" }),
      /GitHub has no GET/,
    ],
    [
      "that this GitHub does not know",
      () => ({ ...requests.list, known: false }),
      /this GitHub does not know GET/,
    ],
    [
      "by a method that GitHub does not have there",
      () => ({ ...requests.list, method: "PUT" }),
      /GitHub has no PUT/,
    ],
  ])("%s", (_, request, fault) => {
    expect(asked(request())).toContainEqual(expect.stringMatching(fault));
  });
});

describe("an answer is refused", () => {
  it.each<[string, () => ApiRequest, RegExp]>([
    ["with a value of another type", () => withAnswer("id", "5"), /\/id must be integer/],
    ["with a value of another type further inside", () => withAnswer("app.owner.id", "5"), /\/app\/owner/],
    ["that lacks a key", () => withAnswer("check_suite", undefined), /required property 'check_suite'/],
    ["with nothing where there must be something", () => withAnswer("name", null), /\/name must be string/],
    [
      "with a key that GitHub does not send",
      () => withAnswer("head_branch", "main"),
      /unknown key: head_branch/,
    ],
    ["with an address that is none", () => withAnswer("app.html_url", "no address"), /format "uri"/],
    [
      "with a status that is not described",
      () => ({ ...requests.create, status: 202 }),
      /202 is not described/,
    ],
    ["without its body", () => ({ ...requests.create, answer: "" }), /201 lacks its body/],
    ["with a body where there is none", () => ({ ...requests.remove, answer: "{}" }), /204 has no body/],
  ])("%s", (_, request, fault) => {
    expect(asked(request())).toContainEqual(expect.stringMatching(fault));
  });
});

describe("a webhook is refused", () => {
  const without = (name: string): Delivery => {
    const { [name]: _, ...headers } = webhook.request.headers;
    return { ...webhook, request: { ...webhook.request, headers } };
  };

  it.each<[string, () => Delivery, RegExp]>([
    ["that lacks a key", () => withPayload("before", undefined), /required property 'before'/],
    ["that lacks a key further inside", () => withPayload("repository.full_name", undefined), /'full_name'/],
    ["with a value of another type", () => withPayload("created", "no"), /\/created must be boolean/],
    [
      "with a key that GitHub does not send",
      () => withPayload("pusher.id", 1),
      /\/pusher has an unknown key: id/,
    ],
    [
      "of an event that GitHub does not have",
      () => ({ ...webhook, event: "installation" }),
      /GitHub sends no installation/,
    ],
    [
      "with an action that its event does not have",
      () => withPayload("action", "moved"),
      /GitHub sends no push-moved/,
    ],
    ["without one of its headers", () => without("X-GitHub-Delivery"), /X-GitHub-Delivery is missing/],
  ])("%s", (_, delivery, fault) => {
    expect(sent(delivery())).toContainEqual(expect.stringMatching(fault));
  });
});

it("a GitHub that nobody asked proves nothing", async () => {
  const { requests, deliveries, idle } = scene.github;
  await expect(expectConformance({ requests: [], deliveries, idle })).rejects.toThrow();
  await expect(expectConformance({ requests, deliveries: [], idle })).rejects.toThrow();
});
