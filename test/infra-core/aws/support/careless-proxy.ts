import { type LocalProxy, startProxy } from "../../../support/proxy.ts";

/** Passes all on to a server, but for the condition under which an object is to be written: some stores ignore it. */
export async function carelessProxy(target: string): Promise<LocalProxy> {
  return await startProxy(target, ({ headers }) => {
    delete headers["if-none-match"];
    return false;
  });
}
