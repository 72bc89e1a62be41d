import { describe, expect, test } from "vitest";
import { classify } from "../../promotion/classify.ts";
import { messages } from "./messages/index.ts";

describe.each(Object.entries(messages))("%s", (expected, examples) => {
  test.each(examples)("$from: $text", ({ text }) => {
    expect(classify(text).class).toBe(expected);
  });

  test("is known from ten messages and more, and says what to do next", () => {
    expect(examples.length).toBeGreaterThanOrEqual(10);
    for (const { text } of examples) expect(classify(text).next).toMatch(/^[A-Z].*\.$/);
  });
});

test.each([
  ["npm error code E404", "dependency-refused"],
  ["npm error code E401", "registry-refused"],
  ["Unsupported argument: x (cdk.tf.json line 429)", "configuration-invalid"],
  ["unexpected status code 429", "rate-limited"],
  ["HTTP/1.1 502 from the proxy", "temporarily-unavailable"],
  ["write /x: no space left on device", "out-of-space"],
  ["Role with name x already exists.", "resource-exists"],
  ["something nobody has seen before", "unclear"],
])("%s is %s", (message, code) => {
  expect(classify(message).code).toBe(code);
});

test.each([
  ["Quota 'CPUS' exceeded.  Limit: 8.0 in region us-east1.", "console.cloud.google.com"],
  ["exceeding approved Total Regional Cores quota", "Azure portal"],
  ["VpcLimitExceeded: The maximum number of VPCs has been reached.", "console.aws.amazon.com/servicequotas"],
])("a quota says where it is raised: %s", (message, place) => {
  expect(classify(message).next).toContain(place);
});
