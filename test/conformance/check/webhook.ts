import { z } from "zod";
import type { Delivery } from "../../../demo/github/model/delivery.ts";
import { description } from "../description/load.ts";
import { type Operation, parseOperation } from "../description/operation.ts";
import { schemaOf } from "../schema/schema.ts";
import { jsonValidator } from "../schema/validator.ts";

/** What a check needs to know of a webhook. */
export type Webhook = Pick<Delivery, "event" | "request">;

const withAction = z.object({ action: z.string() });

/** What GitHub's description has against a webhook: its name, its headers and its payload. */
export function webhookFaults({ event, request }: Webhook): readonly string[] {
  const action = withAction.safeParse(request.payload).data?.action;
  const name = [event, ...(action === undefined ? [] : [action])].join("-").replaceAll("_", "-");
  const webhook = description()["x-webhooks"][name];
  if (webhook === undefined) return [`GitHub sends no ${name}`];
  const operation = parseOperation(webhook.post);
  const schema = operation.body?.content["application/json"]?.schema;
  if (schema === undefined) return [`nothing is described of what ${name} holds`];
  return [...missingHeaders(operation, request.headers), ...jsonValidator(schema)(request.payload)];
}

function missingHeaders(
  { parameters }: Operation,
  headers: Webhook["request"]["headers"],
): readonly string[] {
  const sent = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const described = Object.keys(schemaOf.parse(parameters.header.properties));
  const missing = described.filter((name) => !sent.has(name.toLowerCase()));
  return missing.map((name) => `the header ${name} is missing`);
}
