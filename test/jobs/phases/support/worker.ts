import { text } from "node:stream/consumers";
import { createLogger } from "../../../../adapters/log/logger.ts";
import { detectSandbox } from "../../../../adapters/sandbox/detect.ts";
import { deploy } from "../../../../jobs/phases/deploy.ts";

// A worker process that runs the one deployment it reads from its standard input.
const { input, tools } = JSON.parse(await text(process.stdin));
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
const sandbox = await detectSandbox(tools.sandbox.kind === "none" ? "off" : "required");
await deploy(input, io, { ...tools, sandbox, redact });
