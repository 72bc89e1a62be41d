import { mkdir, readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundlesIn } from "../../adapters/artifacts/bundle-store.ts";
import type { Signer } from "../../adapters/signing/signer.ts";
import { synthNotesIn, writeSynthNote } from "../../adapters/synth/synth-note.ts";
import { createTidy } from "../../jobs/tidy.ts";
import { freshDirectory } from "../support/directory.ts";
import { silentLog, startWorld, type World } from "../support/waymark.ts";
import { createShop, type Shop } from "./support/shop.ts";
import { newSigner } from "./support/signer.ts";
import { startTestWorker } from "./support/worker.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** dev with three records. */
async function shopWithRecords(): Promise<Shop> {
  const shop = await createShop(world);
  const commits = [await shop.advance("dev"), await shop.advance("dev"), await shop.advance("dev")];
  await shop.deployed(commits);
  return shop;
}

/** The bundles of all records and so many others, none of them used for long. */
async function storeWith(shop: Shop, others: number) {
  const store = { type: "local", directory: await freshDirectory() } as const;
  const numbers = [1, 2, 3].map(async (number) =>
    (await shop.trailers(`deploy/dev/${number}`)).get("Bundle"),
  );
  const named = (await Promise.all(numbers)).map((bundle) => bundle ?? "");
  const unnamed = Array.from({ length: others }, (_, index) => String(index).padStart(64, "0"));
  for (const name of [...named, ...unnamed]) {
    await mkdir(join(bundlesIn(store), name), { recursive: true });
    await utimes(join(bundlesIn(store), name), 1, 1);
  }
  return { store, named };
}

async function tidied(shop: Shop, store: { type: "local"; directory: string }, signer?: Signer) {
  const worker = await startTestWorker(shop, signer ? { signer } : {});
  const session = worker.session();
  const tidy = createTidy(await freshDirectory(), { cacheBytes: 0, bundles: 2 }, silentLog);
  await tidy({ ...session, store });
  return await readdir(bundlesIn(store));
}

test("the bundles that the newest records name are kept, and no others", async () => {
  const shop = await shopWithRecords();
  const { store, named } = await storeWith(shop, 12);
  expect((await tidied(shop, store)).sort()).toEqual(named.slice(1).sort());
});

test("so are those of records under a key that is not trusted just now", async () => {
  const shop = await shopWithRecords();
  const { store, named } = await storeWith(shop, 12);
  expect((await tidied(shop, store, newSigner())).sort()).toEqual(named.slice(1).sort());
});

test("a few too many are not worth a look at the history", async () => {
  const shop = await shopWithRecords();
  const { store } = await storeWith(shop, 8);
  expect(await tidied(shop, store)).toHaveLength(11);
});

test("a store that can't be tidied is left for another time", async () => {
  const shop = await shopWithRecords();
  const { store } = await storeWith(shop, 12);
  const worker = await startTestWorker(shop, {
    git: (git) => ({ ...git, fetchRefs: () => Promise.reject(new Error("GitHub is away")) }),
  });
  const session = worker.session();
  const tidy = createTidy(await freshDirectory(), { cacheBytes: 0, bundles: 2 }, silentLog);
  await tidy({ ...session, store });
  expect(await readdir(bundlesIn(store))).toHaveLength(15);
});

test("what is remembered of synth is bounded too, and what was used last stays", async () => {
  const shop = await shopWithRecords();
  const { store } = await storeWith(shop, 0);
  const notes = synthNotesIn(store);
  const note = { digest: "0".repeat(64), files: {} };
  const names = Array.from({ length: 203 }, (_, index) => `${index}.json`);
  await Promise.all(names.map((name) => writeSynthNote(join(notes, name), note)));
  for (const name of names.slice(0, 3)) await utimes(join(notes, name), 1, 1);
  await tidied(shop, store);
  const left = await readdir(notes);
  expect(left).toHaveLength(200);
  expect(left).not.toContain("0.json");
});

test("what fetches have left in the mirror is packed", async () => {
  const session = (await startTestWorker(await createShop(world))).session();
  let maintained = 0;
  const maintain = async () => {
    maintained += 1;
  };
  const tidy = createTidy(await freshDirectory(), { cacheBytes: 0, bundles: 2 }, silentLog);
  await tidy({ ...session, git: { ...session.git, maintain } });
  expect(maintained).toBe(1);
});
