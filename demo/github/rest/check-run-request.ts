import { z } from "zod";
import type { CheckRun } from "../model/check.ts";

const longestText = 65_535;
const line = z.int().positive();

const annotation = z.object({
  path: z.string().min(1),
  start_line: line,
  end_line: line,
  start_column: line.nullish(),
  end_column: line.nullish(),
  annotation_level: z.enum(["notice", "warning", "failure"]),
  message: z.string().max(64 * 1024),
  title: z.string().max(255).nullish(),
  raw_details: z
    .string()
    .max(64 * 1024)
    .nullish(),
});

const output = {
  summary: z.string().max(longestText),
  text: z.string().max(longestText).optional(),
  annotations: z.array(annotation).max(50).optional(),
};

const action = z.object({
  label: z.string().max(20),
  description: z.string().max(40),
  identifier: z.string().max(20),
});

const common = {
  details_url: z.url({ protocol: /^https?$/ }).optional(),
  external_id: z.string().optional(),
  started_at: z.iso.datetime({ offset: true }).optional(),
  status: z.enum(["queued", "in_progress", "completed"]).optional(),
  conclusion: z
    .enum(["action_required", "cancelled", "failure", "neutral", "skipped", "success", "timed_out"])
    .optional(),
  completed_at: z.iso.datetime({ offset: true }).optional(),
  actions: z.array(action).max(3).optional(),
};

/** Body of `POST /check-runs`. Limits: GitHub's documentation of check runs. */
export const createRequest = z.object({
  ...common,
  name: z.string().min(1),
  head_sha: z.string().regex(/^[0-9a-f]{40}$/),
  output: z.object({ ...output, title: z.string() }).optional(),
});

/** Body of `PATCH /check-runs/{check_run_id}`. */
export const updateRequest = z.object({
  ...common,
  name: z.string().min(1).optional(),
  output: z.object({ ...output, title: z.string().optional() }).optional(),
});

/** The fields of a run that a request sets; what it leaves out is not there. */
export type Draft = Partial<Omit<CheckRun, "id" | "suite" | "name" | "annotations">> &
  Pick<CheckRun, "annotations">;

type Given = Omit<z.infer<typeof updateRequest>, "name">;

/** Takes a request's fields over into the model's names. */
export function toDraft({ output, ...given }: Given): Draft {
  const draft = {
    externalId: given.external_id,
    detailsUrl: given.details_url,
    startedAt: given.started_at,
    status: given.status,
    conclusion: given.conclusion,
    completedAt: given.completed_at,
    actions: given.actions,
    title: output?.title,
    summary: output?.summary,
    text: output?.text,
  };
  return { ...withoutUndefined(draft), annotations: (output?.annotations ?? []).map(toAnnotation) };
}

type Defined<Item> = { [Key in keyof Item]?: Exclude<Item[Key], undefined> };

function withoutUndefined<Item extends object>(item: Item): Defined<Item> {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)) as Defined<Item>;
}

function toAnnotation({
  start_column,
  end_column,
  title,
  raw_details,
  ...given
}: z.infer<typeof annotation>) {
  return {
    ...given,
    start_column: start_column ?? null,
    end_column: end_column ?? null,
    title: title ?? null,
    raw_details: raw_details ?? null,
  };
}
