import { expect, test } from "vitest";
import { classify } from "../../promotion/classify.ts";

test.each([
  ["Error acquiring the state lock: resource temporarily unavailable", "lock", "state-locked"],
  ["Saved plan is stale: The given plan file can no longer be applied", "conflict", "plan-stale"],
  ["local-exec provisioner error: exit status 1. Output: connect ECONNREFUSED", "code", "provisioner-failed"],
  [
    "ExpiredToken: The security token included in the request is expired",
    "credentials",
    "credentials-expired",
  ],
  ["No valid credential sources found", "credentials", "credentials-expired"],
  ["AccessDenied: User is not authorized to perform: s3:PutObject", "configuration", "access-denied"],
  ["VpcLimitExceeded: The maximum number of VPCs has been reached", "quota", "quota-exceeded"],
  ["RequestLimitExceeded: Request limit exceeded.", "transient", "temporarily-unavailable"],
  ["ThrottlingException: Rate exceeded", "transient", "temporarily-unavailable"],
  ["dial tcp 1.2.3.4:443: i/o timeout", "transient", "temporarily-unavailable"],
  ["unexpected status code 429", "transient", "temporarily-unavailable"],
  ["HTTP/1.1 502 from the proxy", "transient", "temporarily-unavailable"],
  ["Unsupported argument: x (cdk.tf.json line 429)", "code", "configuration-invalid"],
  ["read: connection reset by peer", "transient", "temporarily-unavailable"],
  ["StatusCode: 503, ServiceUnavailable", "transient", "temporarily-unavailable"],
  ["npm error code EAI_AGAIN", "transient", "temporarily-unavailable"],
  ["npm error code EUSAGE", "code", "dependency-refused"],
  ["npm error code E404", "code", "dependency-refused"],
  ["npm error code E401", "configuration", "registry-refused"],
  ["EntityAlreadyExists: Role with name x already exists.", "conflict", "resource-exists"],
  ["Instance cannot be destroyed: Resource x has lifecycle.prevent_destroy set", "code", "destroy-prevented"],
  ['S3 bucket "x" does not exist.', "configuration", "backend-misconfigured"],
  ["Failed to query available provider packages", "configuration", "provider-unavailable"],
  ['Unsupported argument: An argument named "x" is not expected here.', "code", "configuration-invalid"],
  ["Extraneous JSON object property", "code", "configuration-invalid"],
  ["Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'cdktn'", "code", "program-error"],
  ["write /x: no space left on device", "configuration", "out-of-space"],
  ["something nobody has seen before", "unknown", "unclear"],
])("%s → %s", (message, expected, code) => {
  const known = classify(message);
  expect([known.class, known.code]).toEqual([expected, code]);
  expect(known.next).toMatch(/^[A-Z].*\.$/);
});
