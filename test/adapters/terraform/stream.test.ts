import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseEvent } from "../../../adapters/terraform/event.ts";
import { explain } from "../../../adapters/terraform/explain.ts";
import { followLines } from "../../../adapters/terraform/follow.ts";
import { nothingTold, outputsOf, planOf, take } from "../../../adapters/terraform/outcome.ts";
import { freshDirectory } from "../../support/directory.ts";

function told(...events: readonly unknown[]) {
  const all = nothingTold();
  for (const event of events) {
    const parsed = parseEvent(JSON.stringify(event));
    if (parsed) take(all, parsed);
  }
  return all;
}

const change = (action: string, more = {}) => ({
  type: "planned_change",
  change: { resource: { addr: `a.${action}` }, action, ...more },
});

test("planned changes become a summary; reading data and keeping things are no changes", () => {
  const actions = ["create", "update", "delete", "replace", "move", "import", "remove", "read", "noop"];
  const { resources } = planOf(told(...actions.map((action) => change(action))));
  expect(resources.map(({ action }) => action).sort()).toEqual(
    ["create", "delete", "forget", "import", "move", "replace", "update"].sort(),
  );
});

test("a move or an import without another change is one", () => {
  const moved = change("noop", { previous_resource: { addr: "a.old" } });
  expect(planOf(told(moved)).resources).toEqual([{ address: "a.noop", action: "move" }]);
  expect(planOf(told(change("noop", { importing: { id: "x" } }))).resources[0]?.action).toBe("import");
});

test("a sensitive, a complex and a very long output come without their value", () => {
  const outputs = {
    url: { sensitive: false, value: "http://x" },
    port: { sensitive: false, value: 80 },
    token: { sensitive: true, value: "hunter2" },
    list: { sensitive: false, value: [1] },
    long: { sensitive: false, value: "x".repeat(5000) },
  };
  expect(outputsOf(told({ type: "outputs", outputs }))).toEqual([
    { name: "url", value: "http://x" },
    { name: "port", value: 80 },
    { name: "token" },
    { name: "list" },
    { name: "long" },
  ]);
});

test.each(["", "plain text", "{", "{}", '{"type":"unheard_of"}', '{"type":"outputs"}', "null", "[]"])(
  "a line that is no event is passed over: %j",
  (line) => {
    expect(parseEvent(line)).toBeUndefined();
  },
);

test("an error is told with address and place, never with the snippet that quotes values", () => {
  const diagnostic = {
    severity: "error",
    summary: "Invalid value",
    detail: "Too short.",
    address: "a.b",
    range: { filename: "cdk.tf.json", start: { line: 7 } },
    snippet: { code: "password = hunter2", values: [] },
  };
  const { errors } = told({ type: "diagnostic", diagnostic });
  const end = {
    stack: "s",
    step: "plan",
    exit: { kind: "exited", code: 1 },
    errors,
    stderr: "",
    constructOf: () => undefined,
  } as const;
  expect(explain(end).message).toBe(
    "plan of stack s failed: Invalid value: Too short. (a.b, cdk.tf.json line 7)",
  );
});

test.each([
  ["apply", { kind: "unknown" }, "terraform-lost", "unknown"],
  ["plan", { kind: "unknown" }, "terraform-lost", "transient"],
  ["apply", { kind: "never-started" }, "never-started", "transient"],
  ["apply", { kind: "exited", code: 137 }, "terraform-killed", "unknown"],
  ["init", { kind: "exited", code: 137 }, "terraform-killed", "transient"],
] as const)("%s with the end %j is %s, %s", (step, exit, code, failureClass) => {
  const error = explain({ stack: "s", step, exit, errors: [], stderr: "", constructOf: () => undefined });
  expect([error.code, error.class]).toEqual([code, failureClass]);
});

async function follow(write: (file: string) => Promise<void>): Promise<string[]> {
  const file = join(await freshDirectory(), "stream");
  await writeFile(file, "");
  const lines: string[] = [];
  await followLines(file, write(file), (line) => lines.push(line));
  return lines;
}

test("lines are given whole, however they were written, the last one too", async () => {
  const lines = await follow(async (file) => {
    const bytes = Buffer.from("eins\nzwölf\n\nlast");
    for (const byte of bytes) await appendFile(file, Buffer.of(byte));
  });
  expect(lines).toEqual(["eins", "zwölf", "", "last"]);
});

test("lines are given while the file still grows", async () => {
  const file = join(await freshDirectory(), "stream");
  await writeFile(file, "first\n");
  const seen: string[] = [];
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  await followLines(file, ended, (line) => {
    seen.push(line);
    if (line === "first") void appendFile(file, "second\n");
    if (line === "second") end();
  });
  expect(seen).toEqual(["first", "second"]);
});

test("a line without end is dropped, and what follows is not", async () => {
  const lines = await follow((file) => writeFile(file, `before\n${"x".repeat(3 * 1024 * 1024)}\nafter\n`));
  expect(lines).toEqual(["before", "after"]);
});
