import { expect, test } from "vitest";
import { parse } from "yaml";
import { policyWith } from "../../../demo/stage/shop-source.ts";

test("each environment gets its own port, also one that holds the digits of another's", async () => {
  const { environments } = parse(await policyWith({ dev: 41_023, staging: 54_103, prod: 41_011 }));
  const portsOf = (name: string) => [
    environments[name].variables.PORT,
    new URL(environments[name].health[0].url).port,
  ];
  expect(["dev", "staging", "prod"].map(portsOf)).toEqual([
    ["41023", "41023"],
    ["54103", "54103"],
    ["41011", "41011"],
  ]);
});
