import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import path from "node:path";
import { createPerson } from "../../../demo/stage/person.ts";
import type { PreparedRequest } from "../../harness/load.ts";
import { type Installation, maintainer } from "../../stage/installation.ts";

/** Makes any number of signed `push` deliveries, of all repositories in turn, from what GitHub itself once sent. */
export async function recordDeliveries(
  installation: Installation,
): Promise<(count: number) => PreparedRequest[]> {
  const { registration, repositories } = installation;
  const payload = await pushOnce(installation);
  const make = (index: number): PreparedRequest => {
    const { id = 0, installationId = 0 } = repositories[index % repositories.length] ?? {};
    const told = {
      ...payload,
      after: randomBytes(20).toString("hex"),
      repository: { ...Object(payload.repository), id },
      installation: { ...Object(payload.installation), id: installationId },
    };
    const body = Buffer.from(JSON.stringify(told));
    return { body, headers: headers(body, registration.webhookSecret) };
  };
  return (count) => Array.from({ length: count }, (_, index) => make(index));
}

function headers(body: Buffer, secret: string): Record<string, string> {
  return {
    "content-type": "application/json",
    "content-length": String(body.length),
    "user-agent": "GitHub-Hookshot/bench",
    "x-github-event": "push",
    "x-github-delivery": randomUUID(),
    "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  };
}

/** Somebody pushes to `dev`; gives the payload that GitHub sent about it. */
async function pushOnce({ github, token, repositories, home }: Installation) {
  const [repository] = repositories;
  if (!repository) throw new Error("there is no repository to push to");
  const user = { id: 0, login: maintainer, email: "alice@example.com", token };
  const directory = path.join(await mkdtemp(path.join(home, "..", "clone-")), "clone");
  const person = await createPerson(user, { url: repository.cloneUrl, directory, apiUrl: github.apiUrl });
  await person.git("commit", "--quiet", "--allow-empty", "--message", "a change");
  await person.git("push", "--quiet", "origin", "HEAD:refs/heads/dev");
  await github.idle();
  const delivery = github.deliveries.findLast(({ event }) => event === "push");
  if (!delivery) throw new Error("GitHub sent no push");
  return delivery.request.payload;
}
