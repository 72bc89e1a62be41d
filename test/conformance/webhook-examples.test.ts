import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { eventTable } from "../../app/github-app.ts";
import type { EmbeddedRedis } from "../../service/redis.ts";
import { deliver } from "../app/support/http.ts";
import { registryOf, startTestWeb } from "../app/support/web.ts";
import { appKeys, type Scene, setScene, shop } from "../demo/github/scene.ts";
import { startRedis } from "../support/redis.ts";
import { schemaOf } from "./schema/schema.ts";

const payload = z.looseObject({
  action: z.string().optional(),
  repository: z.looseObject({ id: z.int() }).optional(),
  installation: z.looseObject({ id: z.int() }).optional(),
});
type Payload = z.infer<typeof payload>;

/** Real payloads that GitHub sent, collected by Octokit: of all events, also of those that Waymark does not hear. */
const definitions = z
  .array(z.object({ name: z.string(), examples: z.array(payload) }))
  .parse(createRequire(import.meta.url)("@octokit/webhooks-examples"));

const repositoryIds = new Set(
  definitions.flatMap(({ examples }) => examples.flatMap(({ repository }) => repository?.id ?? [])),
);

let redis: EmbeddedRedis;
let scene: Scene;
let web: Awaited<ReturnType<typeof startTestWeb>>;
let head: string;

beforeAll(async () => {
  redis = await startRedis();
  scene = await setScene();
  head = (await scene.installationClient().repos.getCommit({ ...shop, ref: "main" })).data.sha;
  web = await startTestWeb({
    redisUrl: redis.url,
    privateKey: appKeys.privateKey,
    appId: scene.app.id,
    apiUrl: scene.github.apiUrl,
    registry: registry(),
  });
});
afterAll(async () => {
  await web.close();
  await redis.close();
  await scene.close();
});

/** Every repository of the examples is bound, and its `dev` follows the branch that most of them tell of. */
function registry(): object {
  const examples = [...repositoryIds].map((id) => ({ id, fullName: `example/${id}` }));
  const bound = registryOf([scene.repository, ...examples]);
  const environments = bound.environments.map((one) =>
    one.name === "dev" ? { ...one, branch: "master" } : one,
  );
  return { ...bound, environments };
}

let sent = 0;

/** Delivers as GitHub would; gives the status and what the web process said of this delivery. */
async function post(event: string, example: Payload): Promise<{ status: number; said: readonly string[] }> {
  sent += 1;
  const delivery = `example-${sent}.`;
  const headers = { "x-github-delivery": delivery };
  const { status } = await deliver(web.url, JSON.stringify(example), { event, headers });
  return { status, said: web.lines.filter((line) => line.includes(`"${delivery}"`)) };
}

const heard = new Set(Object.keys(eventTable));
const isHeard = (event: string, { action }: Payload) =>
  heard.has(event) || (action !== undefined && heard.has(`${event}.${action}`));

describe("payloads that GitHub sent", () => {
  it.each(definitions)("of $name are taken", async ({ name, examples }) => {
    const answers = await Promise.all(examples.map((example) => post(name, example)));
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status >= 300)).toEqual([]);
  });

  const toApps = definitions.flatMap(({ name, examples }) =>
    examples
      .filter((example) => example.installation !== undefined && isHeard(name, example))
      .map((example) => ({ name, example, title: [name, example.action].filter(Boolean).join(".") })),
  );

  it("are there for every event that is heard", () => {
    const told = new Set(toApps.flatMap(({ name, title }) => [name, title]));
    expect([...heard].filter((event) => !told.has(event))).toEqual([]);
  });

  it.each(toApps)("of $title have the shape that its handler expects", async ({ name, example }) => {
    const { said } = await post(name, example);
    expect(said).toContainEqual(expect.stringContaining('"heard"'));
  });
});

describe("a click that GitHub told, on a check of ours", () => {
  const find = (event: string, action: string): Payload => {
    const { examples = [] } = definitions.find(({ name }) => name === event) ?? {};
    return payload.parse(examples.find((example) => example.action === action));
  };
  /** The example, moved to this GitHub's repository, App and commit. */
  const moved = (example: Payload, subject: "check_run" | "check_suite", more: object): Payload => ({
    ...example,
    repository: { id: scene.repository.id, name: "shop", owner: { login: "acme" } },
    installation: { id: scene.installationId },
    [subject]: { ...schemaOf.parse(example[subject]), app: { id: scene.app.id }, head_sha: head, ...more },
  });

  it.each([
    ["check_run", "rerequested", { name: "deploy/dev" }],
    ["check_run", "requested_action", { name: "deploy/dev" }],
    ["check_suite", "rerequested", { head_branch: "master" }],
  ] as const)("%s.%s is written down as a queued check run", async (subject, action, more) => {
    const queued = () => scene.installationClient().checks.listForRef({ ...shop, ref: head, filter: "all" });
    const before = (await queued()).data.total_count;
    const { status } = await post(subject, moved(find(subject, action), subject, more));
    expect(status).toBe(200);
    const { data } = await queued();
    expect(data.total_count).toBe(before + 1);
    expect(data.check_runs[0]).toMatchObject({ name: "deploy/dev", status: "queued" });
  });
});
