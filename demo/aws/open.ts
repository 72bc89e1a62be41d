import path from "node:path";
import { type Account, openAccount } from "./account.ts";
import { rememberMoto } from "./leftover.ts";
import { type Moto, startMoto } from "./moto.ts";

/** An AWS with one account, in which nobody may do what no policy allows. */
export interface Aws extends Account {
  readonly moto: Moto;
  /** The address where the core registry will be. */
  readonly registry: string;
}

/** Starts one for a stage. It outlives the demo: without it nobody could end any more what was deployed. */
export async function openAws(directory: string): Promise<Aws> {
  const moto = await startMoto({ log: path.join(directory, "logs", "moto.log"), detached: true });
  await rememberMoto(directory, moto);
  const account = await openAccount(moto);
  await moto.authorize(true);
  return { ...account, moto, registry: "ssm:///waymark/registry" };
}
