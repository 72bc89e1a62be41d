import { z } from "zod";

const strings = z.array(z.string()).default([]);

const statementSchema = z.strictObject({
  sid: z.string().regex(/^[A-Za-z0-9]+$/),
  effect: z.enum(["Allow", "Deny"]).default("Allow"),
  actions: strings,
  not_actions: strings,
  resources: strings,
  not_resources: strings,
  principals: z.array(z.strictObject({ type: z.string(), identifiers: z.array(z.string()) })).optional(),
  condition: z
    .array(z.strictObject({ test: z.string(), variable: z.string(), values: z.array(z.string()).min(1) }))
    .default([]),
});

/** `aws_iam_policy_document` */
export const policySchema = z.object({ statement: z.array(statementSchema).min(1) });

export type Statement = z.infer<typeof statementSchema>;
