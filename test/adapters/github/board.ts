import type { Logger } from "pino";
import {
  type AppCredentials,
  appClient,
  type GitHubClient,
  installationClient,
} from "../../../adapters/github/client.ts";
import { findRepository, type GitHubRepository } from "../../../adapters/github/repository.ts";
import { keepLog } from "../../app/support/log.ts";
import { appKeys, type Scene, setScene, shop } from "../../demo/github/scene.ts";

/** A GitHub with Waymark's own clients: as the App, and as its installation on `acme/shop`. */
export interface Board extends Scene {
  readonly credentials: AppCredentials;
  readonly asApp: GitHubClient;
  /** Signed in as the App's installation, or as another one. */
  readonly client: (installation?: number) => GitHubClient;
  readonly shopRepository: GitHubRepository;
  /** main's head. */
  readonly head: string;
  /** What the clients said to their log. */
  readonly lines: readonly string[];
  readonly log: Logger;
  /** How many requests of that kind came so far. */
  readonly count: (method: string, path: RegExp) => number;
}

export async function setBoard(options: Parameters<typeof setScene>[0] = {}): Promise<Board> {
  const scene = await setScene(options);
  const { github, app, installationId, repository } = scene;
  const { log, lines } = keepLog();
  const credentials = {
    appId: String(app.id),
    privateKey: appKeys.privateKey,
    apiUrl: github.apiUrl,
  };
  const client = (installation = installationId) => installationClient(credentials, installation, log);
  return {
    ...scene,
    credentials,
    asApp: appClient(credentials, log),
    client,
    shopRepository: await findRepository(client(), installationId, repository.id),
    head: (await scene.installationClient().repos.getCommit({ ...shop, ref: "main" })).data.sha,
    lines,
    log,
    count: (method, path) =>
      github.requests.filter((one) => one.method === method && path.test(one.path)).length,
  };
}
