import { expect, it } from "vitest";
import type { Table } from "./support/hostile-case.ts";
import { checkoutTable, inertTable } from "./tables/checkout.ts";
import { forbiddenTable } from "./tables/forbidden.ts";
import { httpTable } from "./tables/http.ts";
import { identityTable } from "./tables/identity.ts";
import { payloadTable } from "./tables/payload.ts";
import { placeTable } from "./tables/places.ts";
import { policyTable } from "./tables/policy.ts";
import { reportTable } from "./tables/report.ts";
import { branchTable, commitTable, failureTable, loginTable, retagTable } from "./tables/retag.ts";
import { smuggleTable } from "./tables/smuggle.ts";
import { backendTable, stackTable } from "./tables/stacks.ts";
import { appTable, dependencyTable } from "./tables/synth.ts";

/** Every table of hostile input, by the door that it is tried at. */
const doors: Readonly<Record<string, readonly Table<unknown>[]>> = {
  http: [httpTable],
  payload: [payloadTable],
  checkout: [checkoutTable, inertTable],
  policy: [policyTable],
  synth: [appTable, dependencyTable],
  stacks: [stackTable, backendTable],
  bounds: [placeTable, identityTable, forbiddenTable],
  deploy: [smuggleTable],
  reconcile: [retagTable, failureTable, commitTable, branchTable, loginTable],
  report: [reportTable],
};

it("every door is tried, with no fewer than 200 cases in all, each told apart by its name", () => {
  const names = Object.entries(doors).flatMap(([door, tables]) =>
    tables.flatMap(({ untouched, cases }) => cases.map(({ name }) => `${door}: ${name} (${untouched})`)),
  );
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(200);
  for (const tables of Object.values(doors)) {
    expect(tables.flatMap(({ cases }) => cases).length).toBeGreaterThan(8);
  }
});
