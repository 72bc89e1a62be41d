import { expect, test } from "vitest";
import { keysEnvironment, secretsOf } from "../../../adapters/aws/keys.ts";

const keys = {
  accessKeyId: "ASIA…",
  secretAccessKey: "secret",
  sessionToken: "token",
  expiresAt: 0,
  region: "eu-central-1",
};

test("a child gets the session's keys and AWS's address, and nothing of the worker's own", () => {
  const source = {
    AWS_ENDPOINT_URL_STS: "https://sts.example",
    AWS_PROFILE: "worker",
    AWS_ACCESS_KEY_ID: "the worker's",
    AWS_WEB_IDENTITY_TOKEN_FILE: "/run/token",
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/credentials",
  };
  expect(keysEnvironment(keys, source)).toEqual({
    AWS_ACCESS_KEY_ID: "ASIA…",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_SESSION_TOKEN: "token",
    AWS_REGION: "eu-central-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL_STS: "https://sts.example",
  });
});

test("all three parts of a key are masked", () => {
  expect(secretsOf(keys)).toEqual(["ASIA…", "secret", "token"]);
});
