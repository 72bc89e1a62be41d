import { z } from "zod";
import { toldTypes } from "./event-log.ts";
import { followLines } from "./follow.ts";

const resource = z.object({ addr: z.string() });

/** Whatever is not named here is left out: messages, the ids of resources and the values of outputs may all be secrets. */
const plainSchema = z.object({
  "@timestamp": z.string().optional(),
  "@level": z.string().optional(),
  type: z.enum(toldTypes),
  terraform: z.string().optional(),
  hook: z
    .object({
      resource,
      action: z.string().optional(),
      provisioner: z.string().optional(),
      elapsed_seconds: z.number().optional(),
    })
    .optional(),
  change: z.object({ resource, action: z.string(), reason: z.string().optional() }).optional(),
  changes: z
    .object({ add: z.number(), change: z.number(), remove: z.number(), operation: z.string() })
    .optional(),
  outputs: z
    .record(z.string(), z.object({ action: z.string().optional(), sensitive: z.boolean().optional() }))
    .optional(),
});

/** Characters. A program may have written into the stream without end. */
const longestLog = 16 * 1024 * 1024;

/** A stream of events as JSON lines with names, actions, counts and times, and no value of any resource or output. */
export async function readPlainLog(file: string): Promise<string> {
  const lines: string[] = [];
  let length = 0;
  await followLines(file, Promise.resolve(), (line) => {
    const plain = plainLine(line);
    if (plain === undefined || length > longestLog) return;
    length += plain.length;
    lines.push(`${plain}\n`);
  });
  return lines.join("");
}

function plainLine(line: string): string | undefined {
  try {
    const { data } = plainSchema.safeParse(JSON.parse(line));
    return data && JSON.stringify(data);
  } catch {
    return undefined;
  }
}
