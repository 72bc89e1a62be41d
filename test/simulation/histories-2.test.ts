import { expect, it } from "vitest";
import { storyOfFirst } from "./explain.ts";

it("ten thousand histories keep every promise", { timeout: 600_000 }, async () => {
  expect(await storyOfFirst({ first: 10001, count: 10_000 })).toBe("every promise was kept");
});
