import { afterAll } from "vitest";
import { leftoverChildren } from "./children.ts";
import { removeDirectories } from "./directory.ts";

// Registered before any hook of the test file, so it runs after all of them.
afterAll(async () => {
  const leftover = await leftoverChildren();
  await removeDirectories();
  if (leftover.length > 0) throw new Error(`this test file left processes behind:\n${leftover.join("\n")}`);
});
