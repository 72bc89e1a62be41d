import { z } from "zod";

/** As Terraform spells types of backends, data sources and resources. */
const typeName = z.string().regex(/^[a-z][a-z0-9_-]*$/, { message: "must be a type, such as aws_instance" });

const providerSource = z
  .string()
  .regex(/^([a-z0-9][a-z0-9.-]*(:[0-9]+)?\/)?[a-z0-9][a-z0-9_-]*\/[a-z0-9][a-z0-9_-]*$/, {
    message: "must be a provider's source, such as hashicorp/http",
  });

/** What no app may hold in an environment. A provider without a host is meant wherever it comes from. */
export const forbidsSchema = z.strictObject({
  /** Of the app's own: they are replaced anyway. */
  backends: z.array(typeName).optional(),
  providers: z.array(providerSource).optional(),
  /** Ephemeral resources of these types are meant too: they read the same. */
  dataSources: z.array(typeName).optional(),
  resources: z.array(typeName).optional(),
});

export type Forbids = Readonly<z.infer<typeof forbidsSchema>>;
