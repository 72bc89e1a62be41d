import { App } from "cdktn";
import type { CoreConfig } from "./config.ts";
import { CoreStack } from "./core-stack.ts";

/** Synthesizes the core stack. Without a directory it goes where CDK's own tools expect it. */
export function synthesize(config: CoreConfig, outdir?: string): void {
  const app = new App(outdir === undefined ? {} : { outdir });
  new CoreStack(app, config);
  app.synth();
}
