import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { type Actor, authorOf, sees } from "../auth/actor.ts";
import { authenticateGit } from "../auth/authenticate.ts";
import { may } from "../auth/authorize.ts";
import { changeRefs } from "../changes/change-refs.ts";
import { answerSmartHttp } from "../git/smart-http.ts";
import type { Repository } from "../model/repository.ts";
import { findRepository, track, type World } from "../model/world.ts";
import { readBody } from "./body.ts";
import { refusedPush } from "./refused-push.ts";

export interface GitExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** `owner/name` and what follows it, as the path has them. */
  readonly repository: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

const gitPath =
  /^\/(?<repository>[^/]+\/[^/]+?)(\.git)?(?<path>\/(info\/refs|git-upload-pack|git-receive-pack))$/;

/** What a path asks of git; undefined if it asks nothing of git. */
export function parseGitPath(path: string): Pick<GitExchange, "repository" | "path"> | undefined {
  const { repository, path: rest } = gitPath.exec(path)?.groups ?? {};
  return repository === undefined || rest === undefined ? undefined : { repository, path: rest };
}

const largestPush = 512 * 1024 * 1024;

/** Answers one smart HTTP request, for those who may read (fetch) or write (push) the repository. */
export async function answerGit(world: World, exchange: GitExchange): Promise<void> {
  const actor = authenticateGit(world, exchange.request.headers.authorization);
  const repository = findRepository(world, exchange.repository);
  if (actor === undefined || actor.kind === "anonymous")
    return refuse(exchange, 401, "Authentication required");
  if (repository === undefined || !sees(actor, repository))
    return refuse(exchange, 404, "Repository not found.");
  const level = isPush(exchange) ? "write" : "read";
  if (!may(actor, repository, { permission: "contents", level })) {
    return refuse(exchange, 403, "Write access to repository not granted.");
  }
  if (exchange.path === "/git-receive-pack") await receive(world, exchange, repository, actor);
  else await serve(exchange, repository, exchange.request);
  exchange.response.end();
}

function isPush({ path, query }: GitExchange): boolean {
  return path === "/git-receive-pack" || query.get("service") === "git-receive-pack";
}

/** The pack is read before the lock is taken: a pusher that hangs must not keep others from pushing. */
async function receive(
  world: World,
  exchange: GitExchange,
  repository: Repository,
  actor: Actor,
): Promise<void> {
  const author = authorOf(actor);
  if (author === undefined) return refuse(exchange, 401, "Authentication required");
  const body = await readBody(exchange.request, largestPush);
  const change = async () => {
    const refusal = await refusedPush(actor, repository, body);
    if (refusal === undefined) return serve(exchange, repository, Readable.from([body]));
    exchange.response.writeHead(200, { "content-type": "application/x-git-receive-pack-result" });
    exchange.response.write(refusal);
  };
  await track(world, changeRefs(world, repository, author, change));
}

function serve(exchange: GitExchange, { directory }: Repository, input: Readable): Promise<void> {
  const { request, response, path, query } = exchange;
  return answerSmartHttp({ request, input, response, directory, path, query });
}

function refuse({ response }: GitExchange, status: number, message: string): void {
  const challenge = status === 401 ? { "www-authenticate": 'Basic realm="GitHub"' } : {};
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...challenge });
  response.end(message);
}
