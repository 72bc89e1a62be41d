import { z } from "zod";

/** What Probot takes for granted: it answers 500 to JSON that is no object, and to an odd action or installation. */
const payload = z.object({
  action: z.string().optional(),
  installation: z.object({ id: z.number() }).nullish(),
});

/** Is the body such JSON as GitHub sends, whatever the event? */
export function isPayload(body: Buffer): boolean {
  try {
    return payload.safeParse(JSON.parse(body.toString("utf8"))).success;
  } catch {
    return false;
  }
}
