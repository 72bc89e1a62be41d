import { expect, test } from "vitest";
import { knownResources } from "../../../adapters/terraform/known-resources.ts";

test("a state knows its resources, those of all its modules, and no deposed ones", () => {
  const inner = { resources: [{ address: "module.a.module.b.aws_vpc.c" }] };
  const child_modules = [{ resources: [{ address: "module.a.aws_vpc.b[0]" }], child_modules: [inner] }];
  const resources = [{ address: "aws_vpc.a" }, { address: "aws_vpc.old", deposed_key: "1f2e" }];
  const state = { format_version: "1.0", values: { root_module: { resources, child_modules } } };
  expect([...knownResources(state)]).toEqual([
    "aws_vpc.a",
    "module.a.aws_vpc.b[0]",
    "module.a.module.b.aws_vpc.c",
  ]);
});

test.each([{ format_version: "1.0" }, { values: { root_module: {} } }])("%j knows nothing", (state) => {
  expect(knownResources(state).size).toBe(0);
});
