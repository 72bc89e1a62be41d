import { z } from "zod";
import { isEnvironmentName } from "../../promotion/environment.ts";
import { isBranchName } from "./branch-name.ts";
import { forbidsSchema } from "./forbids.ts";
import { artifactsSchema, awsRegion, backendSchema, roleArn } from "./places.ts";

const environmentName = z
  .string()
  .refine(isEnvironmentName, { message: "must be lower-case words with dashes, 31 characters at most" });

const branchName = z.string().refine(isBranchName, { message: "is not a branch name that git accepts" });

const noneAsNull = <T>(value: T | null | undefined): T | null => value ?? null;

/** A named target; without a branch it is deployed on command only. */
export const environmentSchema = z.strictObject({
  name: environmentName,
  branch: branchName.nullish().transform(noneAsNull),
  after: environmentName.nullish().transform(noneAsNull),
});

/** A repository that Waymark serves. Its id is its identity; its name may change. */
export const repositorySchema = z.strictObject({
  id: z.int().positive(),
  fullName: z.string().regex(/^[\w-]{1,100}\/[\w.-]{1,100}$/, { message: "must look like owner/name" }),
});

/** What one environment of one repository was given on AWS, beside its places. */
const awsSchema = z.strictObject({
  account: z.string().regex(/^[0-9]{12}$/),
  region: awsRegion,
  /** ARNs. */
  planRole: roleArn,
  applyRole: roleArn,
  externalId: z.string().regex(/^[\w+=,.@:/-]{2,1224}$/),
  sourceIdentity: z.string().regex(/^[\w+=,.@-]{2,64}$/),
  /** ARNs of the roles that an app's own provider may take from there; none when it says nothing. */
  assumable: z.array(roleArn).optional(),
});

/** What the core stack provisioned for one environment of one repository. */
export const bindingSchema = z
  .strictObject({
    repositoryId: z.int().positive(),
    environment: environmentName,
    backend: backendSchema,
    artifacts: artifactsSchema,
    aws: awsSchema.optional(),
    /** Address of the image repository. */
    images: z.string().min(1).optional(),
    forbids: forbidsSchema.optional(),
  })
  .refine(({ backend, artifacts, aws }) => aws || (backend.type !== "s3" && artifacts.type !== "s3"), {
    // Otherwise Terraform would need the worker's own rights.
    message: "has a place in S3, and no roles (aws)",
  });

/** The core registry file: which environments exist, which repositories are served, and what each was given. */
export const registrySchema = z.strictObject({
  version: z.literal(1),
  environments: z.array(environmentSchema).min(1),
  repositories: z.array(repositorySchema),
  bindings: z.array(bindingSchema),
});

export type RegisteredRepository = Readonly<z.infer<typeof repositorySchema>>;
export type AwsAccess = Readonly<z.infer<typeof awsSchema>>;
export type Binding = Readonly<z.infer<typeof bindingSchema>>;
export type Registry = Readonly<z.infer<typeof registrySchema>>;
