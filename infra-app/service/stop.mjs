// Stops the service that was started with this token; there is nothing to do when it is gone already.
import { shutDown } from "./shut-down.mjs";

await shutDown(process.env);
