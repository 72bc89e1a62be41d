import { destroyEverything } from "./destroy.ts";
import type { Stage } from "./stage.ts";

/** Ends Waymark, then everything that Waymark deployed. */
export async function tearDown(stage: Stage): Promise<void> {
  await stage.close();
  await destroyEverything(stage.directory);
}
