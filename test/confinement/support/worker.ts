import { text } from "node:stream/consumers";
import { createLogger } from "../../../adapters/log/logger.ts";
import { detectSandbox } from "../../../adapters/sandbox/detect.ts";
import { deploy } from "../../../jobs/phases/deploy.ts";

// A worker process with an environment full of secrets. It runs the deployment it reads from its standard input, in the
// sandbox mode named there, and prints the outcome.
const { input, tools, mode } = JSON.parse(await text(process.stdin));
const redact = (line: string) => line;
const io = {
  begun: async () => undefined,
  fence: async () => undefined,
  progress: () => undefined,
  took: () => undefined,
  checkout: async () => undefined,
  remark: () => undefined,
  signal: new AbortController().signal,
  log: createLogger({ level: "silent", redact }),
};
const sandbox = await detectSandbox(mode);
const outcome = await deploy(input, io, { ...tools, sandbox, variables: process.env, redact });
process.stdout.write(JSON.stringify(outcome));
