import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError } from "../http/api-error.ts";
import { readBody } from "../http/body.ts";
import { createRouter } from "../http/router.ts";
import type { Account } from "../model/account.ts";
import { findAccount, type World } from "../model/world.ts";
import { html } from "./html.ts";
import { layout } from "./layout.ts";
import type { PageCall } from "./page-call.ts";
import { type PageAnswer, pages } from "./pages.ts";

export interface PageExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

const findPage = createRouter(pages);
const formLimit = 64 * 1024;

/** Answers a browser: a page, or a button that was pressed. */
export async function answerPage(world: World, { request, response, url }: PageExchange): Promise<void> {
  const match = findPage(request.method ?? "GET", url.pathname);
  const user = chosenUser(world, request, url);
  const form = new URLSearchParams(
    request.method === "POST" ? (await readBody(request, formLimit)).toString() : "",
  );
  const call = { world, user, url, form, parameters: match?.parameters ?? {} };
  try {
    if (match === undefined) throw new ApiError(404, "There is no such page.");
    if (request.method === "POST") requireSameSite(world, request);
    send(response, call, 200, await match.route.handle(call));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    send(response, call, error.status, { title: String(error.status), body: html`<p>${error.message}</p>` });
  }
}

/** Another site must not press our buttons. */
function requireSameSite(world: World, { headers }: IncomingMessage): void {
  const own = new URL(world.urls.web);
  const foreign =
    headers.host !== own.host || (headers.origin !== undefined && headers.origin !== own.origin);
  if (foreign) throw new ApiError(403, "This came from another site.");
}

/** Whoever the chooser was set to, now or before; else the first person there is. */
function chosenUser(world: World, { headers }: IncomingMessage, url: URL): Account | undefined {
  const remembered = /(?:^|; )as=([\w-]+)/.exec(headers.cookie ?? "")?.[1];
  const chosen = findAccount(world, url.searchParams.get("as") ?? remembered ?? "");
  const people = [...world.accounts.values()].filter(({ type }) => type === "User");
  return people.find((person) => person === chosen) ?? people[0];
}

function send(response: ServerResponse, call: PageCall, status: number, answer: PageAnswer): void {
  const cookie =
    call.user === undefined
      ? {}
      : { "set-cookie": `as=${call.user.login}; Path=/; SameSite=Strict; HttpOnly` };
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy,
    ...cookie,
  };
  if ("goTo" in answer) response.writeHead(303, { ...headers, location: answer.goTo }).end();
  else response.writeHead(status, headers).end(layout(call, answer));
}

const policy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
