import { expect } from "vitest";
import type { Shop } from "../support/shop.ts";

/** What must hold however often workers died: as many records as expected, nothing unfinished, nothing left open. */
export async function expectAtRest(shop: Shop, records: number, commits: readonly string[]): Promise<void> {
  const tags = await shop.tags();
  const numbers = [...tags.keys()].filter((name) => /^deploy\/dev\/[0-9]+$/.test(name));
  expect(numbers).toHaveLength(records);
  const last = tags.get(`deploy/dev/${records}`);
  expect(tags.get("deploy/dev/current")).toBe(last);
  for (const commit of commits) {
    const open = (await shop.checks(commit)).filter(({ status }) => status !== "completed");
    expect(open).toEqual([]);
    expect(await shop.openDeployments(commit, "dev")).toEqual([]);
  }
}

/** 1 to `count`. */
export const upTo = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);
