import { afterAll, beforeAll, expect, it } from "vitest";
import { subscribableEvents } from "../../demo/github/model/app.ts";
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

it("none was left out", () => {
  const asked = new Set(scene.github.requests.map(({ method, template }) => `${method} ${template}`));
  const known = routes.map(({ method, template }) => `${method} ${template}`);
  expect(known.filter((route) => !asked.has(route))).toEqual([]);
  const sent = new Set<string>(scene.github.deliveries.map(({ event }) => event));
  const events = [...subscribableEvents, "installation", "installation_repositories"];
  expect(events.filter((event) => !sent.has(event))).toEqual([]);
});
