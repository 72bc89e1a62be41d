import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";

const resourceSchema = z.looseObject({
  lifecycle: z.looseObject({ prevent_destroy: z.boolean().optional() }).optional(),
});
const stackSchema = z.looseObject({
  resource: z.record(z.string(), z.record(z.string(), resourceSchema)).default({}),
});

/** What lets a thing be removed together with all that is in it, by its type. */
const emptied: Readonly<Record<string, string>> = {
  aws_s3_bucket: "force_destroy",
  aws_ecr_repository: "force_delete",
};

/** Takes away, in a synthesized stack's file, what keeps Terraform from destroying what holds data. */
export async function makeDisposable(file: string): Promise<void> {
  const stack = stackSchema.parse(JSON.parse(await readFile(file, "utf8")));
  const resource = Object.entries(stack.resource).map(([type, items]) => [
    type,
    Object.fromEntries(Object.entries(items).map(([id, item]) => [id, disposable(type, item)])),
  ]);
  await writeFile(file, JSON.stringify({ ...stack, resource: Object.fromEntries(resource) }));
}

function disposable(type: string, { lifecycle, ...item }: z.infer<typeof resourceSchema>) {
  const { prevent_destroy: _kept, ...rest } = lifecycle ?? {};
  const flag = emptied[type];
  return {
    ...item,
    ...(Object.keys(rest).length > 0 && { lifecycle: rest }),
    ...(flag && { [flag]: true }),
  };
}
