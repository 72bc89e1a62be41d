import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Actor, nameOf } from "../auth/actor.ts";
import { authenticate } from "../auth/authenticate.ts";
import type { ApiRequest } from "../model/api-request.ts";
import type { World } from "../model/world.ts";
import { ApiError } from "./api-error.ts";
import { type Body, readJson } from "./body.ts";
import type { Answer, Match } from "./router.ts";

export interface ApiExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Full address; `path` is what follows the API's base. */
  readonly url: URL;
  readonly path: string;
  readonly match: Match | undefined;
}

/** Answers one REST request: who asks, may they ask now, what is the answer, have they got it already. */
export async function answerApi(world: World, exchange: ApiExchange): Promise<void> {
  const body = await readJson(exchange.request);
  const { actor, answer } = await attempt(world, exchange, body);
  const who = nameOf(actor);
  const full = answer.body === undefined ? "" : JSON.stringify(answer.body);
  const etag = `W/"${createHash("sha256").update(who).update(full).digest("hex")}"`;
  const unchanged = answer.status === 200 && exchange.request.headers["if-none-match"] === etag;
  const status = unchanged ? 304 : answer.status;
  const counted = status !== 304 && exchange.match?.route.template !== "/rate_limit";
  if (counted) world.rateLimits.count(who);
  const text = unchanged ? "" : full;
  record(world, exchange, body, { who, status, counted, answer: text });
  const headers = {
    ...rateHeaders(world, who),
    ...(answer.status === 200 ? { etag } : {}),
    ...answer.headers,
  };
  send(exchange.response, { status, headers }, text);
}

async function attempt(
  world: World,
  exchange: ApiExchange,
  body: Body,
): Promise<{ actor: Actor; answer: Answer }> {
  let actor: Actor = { kind: "anonymous" };
  try {
    actor = await authenticate(world, exchange.request.headers.authorization);
    return { actor, answer: await dispatch(world, actor, exchange, body) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { actor, answer: { status: error.status, body: error.body, headers: error.headers } };
  }
}

async function dispatch(
  world: World,
  actor: Actor,
  { request, url, match }: ApiExchange,
  body: Body,
): Promise<Answer> {
  if (match === undefined) throw new ApiError(404, "Not Found");
  checkHourlyLimit(world, nameOf(actor), match);
  checkSecondaryLimit(world, nameOf(actor), request.method ?? "GET", url);
  if (body.problem !== undefined) throw body.problem;
  return match.route.handle({
    world,
    actor,
    parameters: match.parameters,
    query: url.searchParams,
    url,
    body: body.value,
  });
}

function checkHourlyLimit({ rateLimits }: World, who: string, { route }: Match): void {
  const { limit, used } = rateLimits.read(who);
  if (used < limit || route.template === "/rate_limit") return;
  throw new ApiError(403, `API rate limit exceeded for ${who}.`);
}

function checkSecondaryLimit({ faults }: World, who: string, method: string, url: URL): void {
  const seconds = faults.wait(who, method, `${url.pathname}${url.search}`);
  if (seconds === undefined) return;
  const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  throw new ApiError(403, message, { headers: { "retry-after": String(seconds) } });
}

function record(
  world: World,
  { request, url, path, match }: ApiExchange,
  body: Body,
  outcome: Pick<ApiRequest, "who" | "status" | "counted" | "answer">,
) {
  const method = request.method ?? "GET";
  world.requests.push({
    method,
    path,
    query: url.search.slice(1),
    body: body.value,
    template: match?.route.template ?? path,
    known: match !== undefined,
    ...outcome,
    answer: shared(world, `${method} ${url.href}`, outcome.answer),
  });
}

/** The same text that was given before, if it is equal: a worker asks for its deliveries every few seconds. */
function shared({ answers }: World, question: string, text: string): string {
  const before = answers.get(question);
  if (before === text) return before;
  answers.set(question, text);
  return text;
}

function rateHeaders(world: World, who: string): Record<string, string> {
  const { limit, used, reset } = world.rateLimits.read(who);
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(Math.max(0, limit - used)),
    "x-ratelimit-used": String(used),
    "x-ratelimit-reset": String(reset),
    "x-ratelimit-resource": "core",
  };
}

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

function send(response: ServerResponse, { status, headers }: Head, text: string): void {
  response.writeHead(status, {
    ...(text === "" ? {} : { "content-type": "application/json; charset=utf-8" }),
    "x-github-media-type": "github.v3; format=json",
    "x-github-request-id": randomUUID(),
    ...headers,
  });
  response.end(text);
}
