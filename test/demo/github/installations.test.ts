import { afterAll, beforeAll, expect, it } from "vitest";
import { type Scene, setScene, shop } from "./scene.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());

it("tells the App of every installation and of every change of it", async () => {
  const { github, app, receiver } = scene;
  await github.createRepository("globex/one");
  await github.createRepository("globex/two");
  const { installationId } = github.install(app, "globex", ["globex/one"], "bob");
  github.install(app, "globex", ["globex/one", "globex/two"], "bob");
  github.removeFromInstallation(installationId, ["globex/one"], "bob");
  github.uninstall(installationId, "bob");
  await github.idle();
  const told = receiver.received.map(({ event, payload }) => [event, payload.action, payload.sender.login]);
  expect(told).toEqual([
    ["installation", "created", "bob"],
    ["installation_repositories", "added", "bob"],
    ["installation_repositories", "removed", "bob"],
    ["installation", "deleted", "bob"],
  ]);
  const [created, added, removed] = receiver.received.map(({ payload }) => payload);
  expect(created.repositories).toMatchObject([{ full_name: "globex/one" }]);
  expect(created.installation).toMatchObject({
    id: installationId,
    account: { login: "globex" },
    app_id: app.id,
  });
  expect(added.repositories_added).toMatchObject([{ full_name: "globex/two" }]);
  expect(removed.repositories_removed).toMatchObject([{ full_name: "globex/one" }]);
});

it("lists an App's installations and their repositories", async () => {
  const rest = scene.appClient();
  const { data: installations } = await rest.apps.listInstallations();
  expect(installations.map(({ id }) => id)).toEqual([scene.installationId]);
  const { data: one } = await rest.apps.getRepoInstallation(shop);
  expect(one).toMatchObject({ id: scene.installationId, account: { login: "acme" } });
  const { data } = await scene.installationClient().apps.listReposAccessibleToInstallation();
  expect(data.repositories.map(({ full_name }) => full_name)).toEqual(["acme/shop"]);
  await expect(rest.apps.getInstallation({ installation_id: 1 })).rejects.toMatchObject({ status: 404 });
});

it("does not take what an earlier run has left for a new repository", async () => {
  const { github, repository } = scene;
  expect(repository.bareDirectory).toMatch(/acme[/\\]shop\.git$/);
  await expect(github.createRepository("acme/shop")).rejects.toThrow(/EEXIST/);
  await expect(github.createRepository("../outside")).rejects.toThrow(/no name/);
});
