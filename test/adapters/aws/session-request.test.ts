import { expect, test } from "vitest";
import { sessionRequest } from "../../../adapters/aws/session-request.ts";
import { sessionOwner } from "./session-owner.ts";

test("a session says what it is for", () => {
  expect(sessionRequest(sessionOwner(), "apply", 1_800)).toEqual({
    RoleArn: "arn:aws:iam::222222222222:role/waymark/waymark-dev-apply",
    RoleSessionName: "waymark-dev-7-apply",
    ExternalId: "waymark:dev",
    SourceIdentity: "waymark",
    DurationSeconds: 1_920,
    Tags: [
      { Key: "waymark:repository", Value: "acme/repository-1" },
      { Key: "waymark:environment", Value: "dev" },
      { Key: "waymark:deployment", Value: "7" },
    ],
    Policy: expect.stringContaining("waymark-dev-state-222222222222/acme/repository-1/*"),
  });
});

test("an attempt is told too: several of them may try to become the same deployment", () => {
  const { RoleSessionName, Tags } = sessionRequest({ ...sessionOwner(), attempt: "a1b2" }, "apply", 60);
  expect(RoleSessionName).toBe("waymark-dev-7-apply");
  expect(Tags).toContainEqual({ Key: "waymark:deployment", Value: "7/a1b2" });
});

test("a plan takes the role that only looks", () => {
  const { RoleArn, RoleSessionName } = sessionRequest(sessionOwner(), "plan", 60);
  expect([RoleArn, RoleSessionName]).toEqual([
    "arn:aws:iam::222222222222:role/waymark/waymark-dev-plan",
    "waymark-dev-7-plan",
  ]);
});

test("what stores bundles and logs takes the role that writes, with next to nothing left of it", () => {
  const { RoleArn, RoleSessionName, Policy } = sessionRequest(sessionOwner(), "artifacts", 60);
  expect([RoleArn, RoleSessionName]).toEqual([
    "arn:aws:iam::222222222222:role/waymark/waymark-dev-apply",
    "waymark-dev-7-artifacts",
  ]);
  expect(Policy).not.toContain("state");
});

test("a session's name is one that AWS takes, whatever it is for", () => {
  const owner = { ...sessionOwner(), deployment: `preview of #12, ${"very ".repeat(20)}long` };
  expect(sessionRequest(owner, "plan", 60).RoleSessionName).toMatch(
    /^waymark-dev-preview-of--12,[\w-]{1,40}$/,
  );
});

test("its policy has room in what AWS takes, also for the longest names", () => {
  const { binding, ...owner } = sessionOwner();
  const place = {
    type: "s3",
    bucket: "b".repeat(63),
    prefix: `${"o".repeat(39)}/${"n".repeat(100)}`,
    region: "eu-central-1",
    kmsKeyId: "key",
  } as const;
  const long = { ...binding, backend: place, artifacts: { ...place, bucket: "a".repeat(63) } };
  const { Policy } = sessionRequest({ ...owner, binding: long }, "apply", 60);
  expect(Policy?.length).toBeLessThan(2_048);
});

test("without a place in S3 there is nothing to take away", () => {
  const { binding, ...owner } = sessionOwner();
  const local = { type: "local", directory: "/srv/state" } as const;
  const request = sessionRequest(
    { ...owner, binding: { ...binding, backend: local, artifacts: local } },
    "plan",
    60,
  );
  expect(request).not.toHaveProperty("Policy");
});
