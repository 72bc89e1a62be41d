// Starts the service as a process of its own session and ends as soon as it listens. No shell, no pid file.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { shutDown } from "./shut-down.mjs";

const longestStart = 10_000;

// An apply that was killed half-way may have left the service running: only who knows the token can stop it.
await shutDown(process.env);

const service = fork(fileURLToPath(new URL("server.mjs", import.meta.url)), [], {
  detached: true,
  // Terraform waits until every holder of its pipes is gone, and its run directory may go away: keep neither.
  stdio: ["ignore", "ignore", "ignore", "ipc"],
  cwd: "/",
  execArgv: [],
  env: serviceEnvironment(),
});

const failure = await firstReport();
if (failure === undefined) {
  service.unref();
} else {
  service.kill("SIGKILL");
  const { SERVICE_HOST, SERVICE_PORT } = process.env;
  console.error(`The service did not start on ${SERVICE_HOST}:${SERVICE_PORT}: ${failure}`);
  process.exitCode = 1;
}

/** Terraform's own environment holds credentials: the service gets what it is told, and nothing else. */
function serviceEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("SERVICE_")));
}

/** Resolves to undefined once the service listens, else to the reason why it does not. */
async function firstReport() {
  const signal = AbortSignal.timeout(longestStart);
  try {
    return await Promise.race([
      once(service, "message", { signal }).then(([message]) => message.failure),
      once(service, "exit", { signal }).then(([code]) => `it ended with code ${code}`),
    ]);
  } catch (error) {
    return signal.aborted ? `it was not listening after ${longestStart / 1000} s` : error.message;
  }
}
