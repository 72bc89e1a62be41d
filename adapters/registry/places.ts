import { normalize } from "node:path";
import { z } from "zod";
import { otherBackendType, secretMistakes, workerVariable } from "./backend-secrets.ts";

const directory = z
  .string()
  .refine((path) => path.startsWith("/") && normalize(path) === path && !path.endsWith("/"), {
    message: "must be an absolute path without . and .. and without a slash at its end",
  });

export const awsRegion = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, { message: "must be a region, for example eu-central-1" });

export const roleArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]+$/, { message: "must be the ARN of a role" });

/** A private directory of this machine. */
const localPlaceSchema = z.strictObject({ type: z.literal("local"), directory });

/** What begins with `prefix`, `<owner>/<repository>`, in a versioned bucket. */
const s3PlaceSchema = z.strictObject({
  type: z.literal("s3"),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  prefix: z.string().regex(/^[\w-]{1,100}\/[\w.-]{1,100}$/),
  region: awsRegion,
  /** ARN of the key that the bucket encrypts with by itself. */
  kmsKeyId: z.string().min(1),
});

const stackName = "{stack}";

/**
 * Any other backend that Terraform has built in, with its own settings, none of them secret. A value says where `{stack}`
 * belongs.
 */
const otherBackendSchema = z
  .strictObject({
    type: otherBackendType,
    config: z.record(z.string().regex(/^[a-z0-9_]+$/), z.union([z.string(), z.number(), z.boolean()])),
    /** Where its credentials are: Terraform's variable → the worker's own that holds the value. */
    environment: z.record(z.string(), workerVariable).optional(),
  })
  .refine(({ config }) => Object.values(config).some((value) => String(value).includes(stackName)), {
    message: `must hold ${stackName}, or all stacks would share one state`,
  })
  .superRefine((backend, context) => {
    for (const { path, message } of secretMistakes(backend))
      context.addIssue({ code: "custom", path: [...path], message });
  });

/** Where Terraform's state is kept. */
export const backendSchema = z.discriminatedUnion("type", [
  localPlaceSchema,
  s3PlaceSchema,
  otherBackendSchema,
]);

/** Where bundles and logs are kept. */
export const artifactsSchema = z.discriminatedUnion("type", [localPlaceSchema, s3PlaceSchema]);

export type LocalPlace = Readonly<z.infer<typeof localPlaceSchema>>;
export type S3Place = Readonly<z.infer<typeof s3PlaceSchema>>;
export type OtherBackend = Readonly<z.infer<typeof otherBackendSchema>>;
export type Backend = Readonly<z.infer<typeof backendSchema>>;
export type ArtifactStore = Readonly<z.infer<typeof artifactsSchema>>;

/** The settings of one stack's state. */
export const settingsOf = ({ config }: OtherBackend, stack: string): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      typeof value === "string" ? value.replaceAll(stackName, stack) : value,
    ]),
  );

/** A text that is the same for the same place, and begins with another place's when it lies within that one. */
export function placeOf(place: Backend | ArtifactStore): string {
  if (place.type === "local") return place.directory;
  if (place.type === "s3") return `s3://${place.bucket}/${place.prefix}`;
  const settings = Object.entries(place.config).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${place.type}:${JSON.stringify(settings)}`;
}
