import { expect, test } from "vitest";
import { consumedOutputs } from "../../../adapters/synth/consumed-outputs.ts";
import { parseStack } from "../../../adapters/synth/stack-json.ts";

const backend = { type: "local", config: { path: "/state/7/network.tfstate" } };
const remote = { backend: "local", config: backend.config };
const other = { backend: "local", config: { path: "/state/7/other.tfstate" } };

function consumed(value: unknown, remotes: Readonly<Record<string, unknown>> = { net: remote, other }) {
  const stack = { terraform: {}, data: { terraform_remote_state: remotes }, output: { a: { value } } };
  return consumedOutputs(parseStack(JSON.stringify(stack), "service"), backend);
}

const of = (rest: string, name = "net") => `\${data.terraform_remote_state.${name}${rest}}`;

test("each output that is read by its name is known", () => {
  const value = [`http://${of(".outputs.host")}:${of(".outputs.cross-stack-output-x.port")}`];
  expect(consumed(value)).toEqual(new Set(["host", "cross-stack-output-x"]));
});

test("what is read of other states does not count, however alike the names are", () => {
  const value = [of(".outputs.host", "other"), of(".outputs.host"), of(".outputs.b", "net-2")];
  expect(consumed(value, { net: remote, "net-2": other, other })).toEqual(new Set(["host"]));
});

test("who reads no state of it consumes nothing", () => {
  expect(consumed("x", { other })).toEqual(new Set());
  expect(consumed("x", {})).toEqual(new Set());
});

test.each([
  ["all outputs at once", of(".outputs")],
  ["an output by a computed name", of(".outputs[var.name]")],
  ["the state as a whole", of("").replace("data", "jsonencode(data").replace("}", ")}")],
])("%s may be any of them", (_, value) => {
  expect(consumed([value])).toBe("all");
  expect(consumed([value, of(".outputs.host")])).toBe("all");
});

test("a state that is read in words which nobody understands may be read in full", () => {
  expect(consumed(of(".outputs.host").replaceAll(".", " . "))).toBe("all");
});
