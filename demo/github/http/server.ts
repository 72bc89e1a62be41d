import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { RequestEffect } from "../model/faults.ts";
import type { World } from "../model/world.ts";
import { answerPage } from "../page/answer-page.ts";
import { routes } from "../rest/routes.ts";
import { answerApi } from "./api.ts";
import { answerGit, parseGitPath } from "./git.ts";
import { createRouter } from "./router.ts";

const findRoute = createRouter(routes);

/** The HTTP server in front of a world: REST below `/api/v3`, git, and pages for people. Not yet listening. */
export function createGitHubServer(world: () => World): Server {
  return createServer((request, response) => {
    handle(world(), request, response).catch((error: unknown) => fail(response, error));
  });
}

async function handle(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", world.urls.web);
  const fault = world.faults.takeRequest(request.method ?? "GET", `${url.pathname}${url.search}`);
  if (fault === undefined) return answer(world, request, response, url);
  if (fault.kind === "respond") return respond(response, fault);
  if (fault.kind === "hold") return fault.around(() => answer(world, request, response, url), gone(request));
  if (fault.kind === "lose") await answer(world, request, new ServerResponse(request), url);
  request.socket.destroy();
}

const gone = ({ socket }: IncomingMessage) =>
  new Promise<void>((resolve) => socket.once("close", () => resolve()));

async function answer(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const path = apiPath(world, url);
  if (path !== undefined) {
    return answerApi(world, {
      request,
      response,
      url,
      path,
      match: findRoute(request.method ?? "GET", path),
    });
  }
  const git = parseGitPath(url.pathname);
  if (git !== undefined) return answerGit(world, { request, response, query: url.searchParams, ...git });
  return answerPage(world, { request, response, url });
}

/** What follows the API's base. `/repositories/{id}/…` is another name for `/repos/{owner}/{repo}/…`. */
function apiPath(world: World, { pathname }: URL): string | undefined {
  const base = new URL(world.urls.api).pathname;
  if (!pathname.startsWith(`${base}/`)) return undefined;
  return pathname.slice(base.length).replace(/^\/repositories\/(\d+)/, (same, id: string) => {
    const repository = world.repositories.get(Number(id));
    return repository === undefined ? same : `/repos/${repository.fullName}`;
  });
}

function respond(
  response: ServerResponse,
  { status, headers, message }: RequestEffect & { kind: "respond" },
): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify({ message: message ?? "Injected fault" }));
}

/** A defect of this server: told to whoever asked, so that it is seen. */
function fail(response: ServerResponse, error: unknown): void {
  console.error(error);
  if (!response.headersSent) response.writeHead(500, { "content-type": "application/json" });
  response.end(JSON.stringify({ message: "Server Error" }));
}
