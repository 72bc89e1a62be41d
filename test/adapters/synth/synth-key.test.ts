import { expect, test } from "vitest";
import { synthKey } from "../../../adapters/synth/synth-key.ts";

const source = { repository: 7, tree: "a".repeat(40), environment: "dev", variables: { A: "1", B: "2" } };
const tool = {
  versions: { terraform: "1.11.4", node: "20.0.0" },
  sandbox: { kind: "bubblewrap" },
  variables: { PATH: "/usr/bin", TZ: "UTC", PRIVATE_KEY: "secret" },
} as const;
const key = synthKey(source, tool);

test("the key is the same for the same files, variables and tools, in whatever order they are named", () => {
  const turned = { ...source, variables: { B: "2", A: "1" } };
  const versions = { node: "20.0.0", terraform: "1.11.4" };
  expect(synthKey(turned, { ...tool, versions })).toBe(key);
});

test("what the app is not given does not matter", () => {
  expect(synthKey(source, { ...tool, variables: { ...tool.variables, PRIVATE_KEY: "other" } })).toBe(key);
});

test.each([
  ["repository", { repository: 8 }, {}],
  ["tree", { tree: "b".repeat(40) }, {}],
  ["environment", { environment: "prod" }, {}],
  ["variable", { variables: { A: "1", B: "3" } }, {}],
  ["tool's version", {}, { versions: { ...tool.versions, node: "22.0.0" } }],
  ["confinement", {}, { sandbox: { kind: "none" } as const }],
  ["path to its programs", {}, { variables: { ...tool.variables, PATH: "/opt/bin:/usr/bin" } }],
  ["time zone", {}, { variables: { ...tool.variables, TZ: "Europe/Berlin" } }],
])("another %s is another key", (_, otherSource, otherTool) => {
  expect(synthKey({ ...source, ...otherSource }, { ...tool, ...otherTool })).not.toBe(key);
});

test("two pairs can't be mistaken for one", () => {
  const one = synthKey({ ...source, variables: { A: '1","B' } }, tool);
  expect(synthKey({ ...source, variables: { A: "1", B: "" } }, tool)).not.toBe(one);
});
