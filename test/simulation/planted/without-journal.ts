import type { ObjectId } from "../../../promotion/object-id.ts";
import { parseDeployRef } from "../../../promotion/ref.ts";
import type { Meddle } from "../worker/worker.ts";

/** Attempts are journaled in the worker's own memory alone, where nobody else can see them. */
export const withoutJournal: Meddle = (ports) => {
  const { repository } = ports;
  const own = new Map<string, ObjectId | undefined>();
  const isAttempt = (ref: string): boolean => parseDeployRef(ref)?.kind === "attempt";
  return {
    ...ports,
    repository: {
      ...repository,
      fetchRefs: async (patterns) => {
        const refs = new Map(await repository.fetchRefs(patterns));
        for (const [ref, object] of own) {
          if (object === undefined) refs.delete(ref);
          else refs.set(ref, object);
        }
        return refs;
      },
      pushRefs: async (updates) => {
        const known = updates.filter(({ ref }) => !isAttempt(ref));
        const push = known.length > 0 ? await repository.pushRefs(known) : ({ moved: true } as const);
        if (push.moved) for (const { ref, target } of updates) if (isAttempt(ref)) own.set(ref, target);
        return push;
      },
    },
  };
};
