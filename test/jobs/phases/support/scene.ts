import { beforeAll, beforeEach } from "vitest";
import type { DeploymentTools } from "../../../../jobs/phases/deployment.ts";
import { makeTools, makeWorld, type World } from "./world.ts";

/** Of the test file that called `useWorld()`: the same tools for all of its tests, a fresh world for each. */
export let tools: DeploymentTools;
export let world: World;

export function useWorld(): void {
  beforeAll(async () => {
    tools = await makeTools();
  });
  beforeEach(async () => {
    world = await makeWorld(tools);
  });
}
