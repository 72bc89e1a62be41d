import { z } from "zod";

const refusal = z.object({ $metadata: z.object({ httpStatusCode: z.int().min(400).max(499) }) });

/** Whether AWS has answered, and with a refusal: its errors carry the answer's status. */
export const isRefusal = (error: unknown): boolean => refusal.safeParse(error).success;
