import { destroyAll } from "./leftovers.ts";
import type { Stage } from "./stage.ts";

/** Ends Waymark, then everything that Waymark deployed. */
export async function tearDown(stage: Stage): Promise<void> {
  await stage.close();
  await destroyAll(stage.directory, stage.aws?.moto);
}
