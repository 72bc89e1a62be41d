import { expect, test } from "vitest";
import { localStore } from "../../../adapters/registry/local-store.ts";

const bound = { repositoryId: 7, environment: "dev" };

test("artifacts of this machine are kept where the binding says", () => {
  const artifacts = { type: "local", directory: "/srv/dev" } as const;
  expect(localStore({ ...bound, artifacts }, "/home")).toEqual(artifacts);
});

test("those in S3 have a place below the worker's own, for each environment of each repository", () => {
  const artifacts = {
    type: "s3",
    bucket: "b",
    prefix: "acme/shop",
    region: "eu-west-1",
    kmsKeyId: "k",
  } as const;
  expect(localStore({ ...bound, artifacts }, "/home").directory).toBe("/home/stores/7/dev");
});
