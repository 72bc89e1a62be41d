import { expect, test } from "vitest";
import { createLogger } from "../../../adapters/log/logger.ts";
import { createRedactor } from "../../../adapters/redact/redact.ts";

function capture(level: string) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { lines, log: createLogger({ level, redact: createRedactor(["hunter2-hunter2"]), destination }) };
}

test("a line is JSON with a level, a time and the fields of its parents", () => {
  const { lines, log } = capture("info");
  log.child({ environment: "dev" }).info({ stack: "network" }, "applied");
  const line = JSON.parse(lines[0] ?? "");
  expect(line).toMatchObject({ level: "info", environment: "dev", stack: "network", msg: "applied" });
  expect(Number.isNaN(Date.parse(line.time))).toBe(false);
});

test("what is below the level is not written", () => {
  const { lines, log } = capture("warn");
  log.info("nothing");
  log.debug("nothing");
  expect(lines).toEqual([]);
});

test("a secret is masked wherever it is: message, field, error, parent", () => {
  const { lines, log } = capture("info");
  log
    .child({ token: "hunter2-hunter2" })
    .error({ err: new Error("hunter2-hunter2 expired") }, "hunter2-hunter2");
  expect(lines.join("")).toContain("***");
  expect(lines.join("")).not.toContain("hunter2");
});
