import path from "node:path";
import * as moto from "../../demo/aws/moto.ts";
import { freshDirectory } from "./directory.ts";

export { type Moto, motoAccount } from "../../demo/aws/moto.ts";

/** A moto of the test's own. */
export async function startMoto(): Promise<moto.Moto> {
  return await moto.startMoto({ log: path.join(await freshDirectory(), "moto.log") });
}
