import { expect } from "vitest";
import type { Ending, Shop } from "./shop.ts";
import { until } from "./until.ts";

/** Waits until the journal holds the record of this number. */
export async function untilSettled(shop: Shop, number: number): Promise<void> {
  await until(`${shop.fullName} to settle at ${number}`, async () => {
    const record = shop.told(`deploy/dev/${number}`);
    return record !== undefined && shop.told("deploy/dev/attempt") === record;
  });
}

/** Waits for the end of a history, and looks. */
export async function expectEnding(shop: Shop, ending: Ending): Promise<void> {
  await untilSettled(shop, ending.record);
  await untilChecksClosed(shop);
  await expectEnded(shop, ending);
  shop.endings.push(ending);
}

/** Looks from outside: by ls-remote, by REST, and at the witness's log. */
export async function expectEnded(shop: Shop, { record, commit, applied }: Ending): Promise<void> {
  const refs = await shop.refs();
  const at = (name: string): string | undefined => refs.get(`refs/tags/deploy/dev/${name}`);
  expect(await shop.witness.applied()).toEqual(applied);
  expect(at(`${record}^{}`)).toBe(commit);
  expect([at("current"), at("attempt")]).toEqual([at(String(record)), at(String(record))]);
  expect(at(String(record + 1))).toBeUndefined();
  expect((await shop.checks()).filter(({ status }) => status !== "completed")).toEqual([]);
}

/** A look by REST costs more than one at what GitHub told. */
const interval = 200;

/** Waits until no check run is open any more. */
export async function untilChecksClosed(shop: Shop): Promise<void> {
  const areClosed = async () => (await shop.checks()).every(({ status }) => status === "completed");
  await until(`${shop.fullName} to have no open check run`, areClosed, interval);
}

/** Waits until the newest check run of a name on a commit has ended so: `<conclusion>: <title>`. */
export async function untilChecked(shop: Shop, commit: string, name: string, ending: RegExp): Promise<void> {
  await until(
    `check run ${name} of ${shop.fullName} to end in ${ending}`,
    async () => {
      const runs = (await shop.checks()).filter((run) => run.commit === commit && run.name === name);
      const newest = runs.toSorted((a, b) => b.id - a.id)[0];
      return newest?.status === "completed" && ending.test(`${newest.conclusion}: ${newest.title}`);
    },
    interval,
  );
}
