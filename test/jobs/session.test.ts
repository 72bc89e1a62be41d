import { afterAll, beforeAll, expect, test } from "vitest";
import { createSessions } from "../../jobs/session.ts";
import { freshDirectory } from "../support/directory.ts";
import { silentLog, startWorld, type World } from "../support/waymark.ts";
import { createShop, environments } from "./support/shop.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

test("an environment's session knows what belongs to others", async () => {
  const shop = await createShop(world);
  const bindings = ["dev", "prod"].map((environment) => {
    const place = (kind: string) => ({ type: "local", directory: `/srv/${kind}/${environment}` }) as const;
    return { repositoryId: shop.id, environment, backend: place("state"), artifacts: place("files") };
  });
  const repositories = [{ id: shop.id, fullName: shop.fullName }];
  const sessions = createSessions({
    app: world.credentials,
    home: await freshDirectory(),
    signer: world.signer,
    registry: async () => ({ version: 1, environments: [...environments], repositories, bindings }),
    log: silentLog,
  });
  const target = { installationId: shop.installationId, repositoryId: shop.id, environment: "dev" };
  expect(await sessions.open(target)).toMatchObject({
    binding: bindings[0],
    foreignPlaces: ["/srv/state/prod", "/srv/files/prod"],
  });
});
