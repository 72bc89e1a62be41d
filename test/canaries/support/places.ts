import path from "node:path";
import type { Stage } from "../../../demo/stage/stage.ts";
import { filesIn, gitObjects } from "./files.ts";
import { redisKeys } from "./queue.ts";
import type { Place } from "./scan.ts";
import { webPages } from "./web-pages.ts";

/** Everything that a deployment wrote, said or shows, apart from what only the machine's processes can see. */
export async function places(stage: Stage): Promise<Place[]> {
  const { directory, github, repository, webUrl } = stage;
  const pages = [
    `${github.url}/acme/shop`,
    ...["/healthz", "/readyz", "/signers"].map((page) => webUrl + page),
  ];
  const found = await Promise.all([
    filesIn(directory, "logs"),
    filesIn(directory, "home"),
    filesIn(directory, "tmp"),
    // What Redis was ever told, also what it has deleted since.
    filesIn(directory, "redis/appendonlydir"),
    redisKeys(await stage.redisUrl()),
    webPages(pages),
  ]);
  return [
    ...found.flat(),
    await gitObjects(repository.bareDirectory),
    // Check runs, Deployments and comments are all made by requests.
    {
      name: "requests to GitHub",
      content: JSON.stringify(github.requests.map(({ path: to, query, body }) => [to, query, body])),
    },
    {
      name: "deliveries",
      content: JSON.stringify(github.deliveries.map(({ request, response }) => [request.payload, response])),
    },
  ];
}

/** Where secrets belong: Terraform keeps them in its state. */
export const stateFiles = /^home\/.*\.tfstate(\.backup)?$/;

/** A directory for temporary files that is looked through, too. */
export const temporary = (directory: string): string => path.join(directory, "tmp");
