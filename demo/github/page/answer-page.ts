import type { IncomingMessage, ServerResponse } from "node:http";
import type { World } from "../model/world.ts";

export interface PageExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

/** Answers a browser. */
export async function answerPage(_world: World, { response }: PageExchange): Promise<void> {
  response.writeHead(404, { "content-type": "text/plain; charset=utf-8" });
  response.end("Not Found");
}
