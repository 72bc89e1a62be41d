import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { z } from "zod";
import { connectForCommands } from "../../../adapters/redis/connect.ts";
import { openQueues } from "../../../jobs/queues.ts";

/** The least that hears a webhook: `node:http`, the signature, and the very orders that Waymark gives to its queue. */
const { REDIS_URL, WEBHOOK_SECRET } = z
  .object({ REDIS_URL: z.string(), WEBHOOK_SECRET: z.string() })
  .parse(process.env);
const queues = openQueues(connectForCommands(REDIS_URL), "bare");

const push = z.object({
  ref: z.string(),
  before: z.string(),
  after: z.string(),
  sender: z.object({ login: z.string() }),
  repository: z.object({ id: z.number() }),
  installation: z.object({ id: z.number() }),
});

const server = createServer((request, response) => {
  hear(request).then(
    () => response.writeHead(200).end("ok\n"),
    () => response.writeHead(500).end("failed\n"),
  );
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) process.send?.(`http://127.0.0.1:${address.port}/`);
});

async function hear(request: IncomingMessage): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks);
  check(body, String(request.headers["x-hub-signature-256"]));
  const { ref, before, after, sender, repository, installation } = push.parse(JSON.parse(body.toString()));
  const target = { installationId: installation.id, repositoryId: repository.id, environment: "dev" };
  const delivery = String(request.headers["x-github-delivery"]);
  await queues.noteEvent(target, { delivery, ref, before, after, sender: sender.login });
  await queues.wake(target, { deep: true });
}

function check(body: Buffer, signature: string): void {
  const wanted = Buffer.from(`sha256=${createHmac("sha256", WEBHOOK_SECRET).update(body).digest("hex")}`);
  const given = Buffer.from(signature);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new Error("not signed");
}
