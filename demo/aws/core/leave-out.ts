import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";

const stackSchema = z.looseObject({
  terraform: z.looseObject({ required_providers: z.record(z.string(), z.unknown()).default({}) }),
  provider: z.record(z.string(), z.unknown()).default({}),
  resource: z.record(z.string(), z.unknown()).default({}),
});

/**
 * Leaves out of a synthesized core stack's file what the stage can't take: GitHub's part, which the local GitHub does not
 * have, and the buckets' policies, whose conditions moto does not look at: it would refuse everybody everything.
 */
export async function leaveOut(file: string): Promise<void> {
  const { terraform, provider, resource, ...rest } = stackSchema.parse(
    JSON.parse(await readFile(file, "utf8")),
  );
  const isTaken = (name: string): boolean => !/^github(_|$)|^aws_s3_bucket_policy$/.test(name);
  const stack = {
    ...rest,
    terraform: { ...terraform, required_providers: only(terraform.required_providers, isTaken) },
    provider: only(provider, isTaken),
    resource: only(resource, isTaken),
  };
  await writeFile(file, JSON.stringify(stack));
}

const only = (items: Readonly<Record<string, unknown>>, isTaken: (name: string) => boolean) =>
  Object.fromEntries(Object.entries(items).filter(([name]) => isTaken(name)));
