import { generateKeyPairSync } from "node:crypto";
import { ProbotOctokit } from "probot";
import { expect, test } from "vitest";
import { EventClient } from "../../app/event-client.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const event = { name: "push", id: "1", payload: { installation: { id: 7 } } };

test("all events are given the same client, where Probot's own makes one for each", async () => {
  const made = (Client: typeof EventClient | typeof ProbotOctokit) =>
    new Client({ auth: { appId: 1, privateKey: pem } });
  const [ours, theirs] = [made(EventClient), made(ProbotOctokit)];
  expect(await ours.auth({ type: "event-octokit", event })).toBe(ours);
  expect(await theirs.auth({ type: "event-octokit", event })).not.toBe(theirs);
});

test("whoever asks GitHub signs in as before", async () => {
  const client = new EventClient({ auth: { appId: 1, privateKey: pem } });
  expect(await client.auth({ type: "app" })).toMatchObject({ type: "app", appId: 1 });
});
