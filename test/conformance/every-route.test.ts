import { afterAll, beforeAll, expect, it } from "vitest";
import { routes } from "../../demo/github/rest/routes.ts";
import { type Scene, setScene } from "../demo/github/scene.ts";
import { expectConformance } from "./conformance.ts";
import { walk } from "./walk.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
  await walk(scene);
});
afterAll(() => scene.close());

it("every route and every webhook of the local GitHub is as GitHub describes it", async () => {
  await expectConformance(scene.github);
});

it("no route was left out", () => {
  const asked = new Set(scene.github.requests.map(({ method, template }) => `${method} ${template}`));
  const known = routes.map(({ method, template }) => `${method} ${template}`);
  expect(known.filter((route) => !asked.has(route))).toEqual([]);
});

it.each([
  ["check_run", ["completed", "created", "requested_action", "rerequested"]],
  ["check_suite", ["requested", "rerequested"]],
  ["create", [null]],
  ["delete", [null]],
  ["deployment", ["created"]],
  ["deployment_status", ["created"]],
  ["installation", ["created", "deleted"]],
  ["installation_repositories", ["added", "removed"]],
  ["pull_request", ["closed", "edited", "opened", "reopened", "synchronize"]],
  ["push", [null]],
])("no kind of %s was left out", (event, actions) => {
  const sent = scene.github.deliveries.filter((delivery) => delivery.event === event);
  expect([...new Set(sent.map(({ action }) => action))].sort()).toEqual(actions);
});
