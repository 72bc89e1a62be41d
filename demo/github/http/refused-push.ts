import type { Actor } from "../auth/actor.ts";
import { may } from "../auth/authorize.ts";
import { forbiddenWorkflow } from "../auth/workflows.ts";
import { parsePush, reportRefusal, takeObjects } from "../git/receive-pack.ts";
import type { Repository } from "../model/repository.ts";

/**
 * The answer to a push that GitHub refuses before git hears of it: one that brings in workflow files without the
 * permission for them. Undefined for any other. Nothing of a refused push is done, as if it were atomic.
 */
export async function refusedPush(
  actor: Actor,
  repository: Repository,
  body: Buffer,
): Promise<Buffer | undefined> {
  if (may(actor, repository, { permission: "workflows", level: "write" })) return undefined;
  const push = parsePush(body);
  await takeObjects(repository.directory, push);
  const forbidden = new Map<string, string>();
  for (const { ref, after } of push.changes) {
    const file = after === null ? undefined : await forbiddenWorkflow(actor, repository, after);
    if (file !== undefined) forbidden.set(ref, file);
  }
  if (forbidden.size === 0) return undefined;
  return reportRefusal(push, (ref) => reason(forbidden.get(ref)));
}

function reason(file: string | undefined): string {
  if (file === undefined) return "atomic push failure";
  return `refusing to allow a GitHub App to create or update workflow \`${file}\` without \`workflows\` permission`;
}
