import { normalize } from "node:path";
import { z } from "zod";
import { isEnvironmentName } from "../../promotion/environment.ts";
import { isBranchName } from "./branch-name.ts";

const directory = z
  .string()
  .refine((path) => path.startsWith("/") && normalize(path) === path && !path.endsWith("/"), {
    message: "must be an absolute path without . and .. and without a slash at its end",
  });

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

/** A place for Terraform's state, and one for bundles and logs: each a private directory of this machine. */
const localPlace = z.strictObject({ type: z.literal("local"), directory });
const backendSchema = z.discriminatedUnion("type", [localPlace]);
const artifactsSchema = z.discriminatedUnion("type", [localPlace]);

/** What the core stack provisioned for one environment of one repository. */
export const bindingSchema = z.strictObject({
  repositoryId: z.int().positive(),
  environment: environmentName,
  backend: backendSchema,
  artifacts: artifactsSchema,
  region: z.string().min(1).optional(),
  role: z.string().min(1).optional(),
});

/** The core registry file: which environments exist, which repositories are served, and what each was given. */
export const registrySchema = z.strictObject({
  version: z.literal(1),
  environments: z.array(environmentSchema).min(1),
  repositories: z.array(repositorySchema),
  bindings: z.array(bindingSchema),
});

export type RegisteredRepository = Readonly<z.infer<typeof repositorySchema>>;
export type Backend = Readonly<z.infer<typeof backendSchema>>;
export type ArtifactStore = Readonly<z.infer<typeof artifactsSchema>>;
export type Binding = Readonly<z.infer<typeof bindingSchema>>;
export type Registry = Readonly<z.infer<typeof registrySchema>>;
