import { z } from "zod";

const resourceSchema = z.object({ addr: z.string() });
const hookSchema = z.object({ resource: resourceSchema, action: z.string() });

const plannedChange = z.object({
  type: z.literal("planned_change"),
  change: z.object({
    resource: resourceSchema,
    previous_resource: resourceSchema.optional(),
    action: z.string(),
    importing: z.unknown().optional(),
  }),
});

const outputs = z.object({
  type: z.literal("outputs"),
  outputs: z.record(
    z.string(),
    z.object({
      sensitive: z.boolean().default(false),
      action: z.string().optional(),
      value: z.unknown().optional(),
    }),
  ),
});

/** Of the snippet only the place is taken: the rest quotes values. */
export const diagnosticSchema = z.object({
  severity: z.enum(["error", "warning"]),
  summary: z.string(),
  detail: z.string().default(""),
  address: z.string().optional(),
  snippet: z.object({ context: z.string().nullish() }).optional(),
  range: z.object({ filename: z.string(), start: z.object({ line: z.number() }) }).optional(),
});

const diagnostic = z.object({ type: z.literal("diagnostic"), diagnostic: diagnosticSchema });

/** How many resources an operation changed, or a plan would change; a replacement is one added and one removed. */
const changeSummary = z.object({
  type: z.literal("change_summary"),
  changes: z.object({ add: z.number(), change: z.number(), remove: z.number(), operation: z.string() }),
});

const applied = z.object({
  type: z.enum(["apply_start", "apply_complete", "apply_errored"]),
  hook: hookSchema,
});

const eventSchema = z.discriminatedUnion("type", [
  plannedChange,
  outputs,
  diagnostic,
  changeSummary,
  applied,
]);

/** The lines of Terraform's `-json` stream that Waymark understands. */
export type TerraformEvent = z.output<typeof eventSchema>;
export type PlannedChange = z.output<typeof plannedChange>["change"];
export type ChangeTotals = z.output<typeof changeSummary>["changes"];
export type OutputEvent = z.output<typeof outputs>["outputs"][string];
export type Diagnostic = z.output<typeof diagnosticSchema>;

/** An event, or undefined for a line that is none of ours: the stream has many more, and programs may print into it. */
export function parseEvent(line: string): TerraformEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return eventSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
