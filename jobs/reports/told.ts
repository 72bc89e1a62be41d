import { readDeliveryLog } from "../../adapters/github/deliveries.ts";
import { isZeroId, type ObjectId } from "../../promotion/object-id.ts";
import { attemptRef, branchRef } from "../../promotion/ref.ts";
import type { NotedEvent } from "../queues.ts";
import type { Work } from "../services.ts";

/** What webhooks told. */
export interface Told {
  /** Moves of the branch, also those that were seen to: where it is now only all of them tell. */
  readonly pushes: readonly NotedEvent[];
  /** Commits on which check runs of ours may be open, as far as nobody here has looked there yet. */
  readonly commits: readonly ObjectId[];
  /** What the journal held when somebody else overwrote it: no later attempt leads there. */
  readonly taken: readonly ObjectId[];
  /** All that is told here was seen to, but for moves to the branch's present head. */
  remember(head: ObjectId | undefined): Promise<void>;
}

/** Reads the notes beside the queue and, where those were lost, GitHub's own log. */
export async function readTold({ session, services }: Work): Promise<Told> {
  const { queues, memory, app, botLogin } = services;
  const { target, environment } = session;
  const missed = await queues.missed(target);
  const noted = await queues.events(target);
  const logged = missed === undefined ? nothing : await readDeliveryLog(app, target.repositoryId);
  const isNews = ({ delivery }: NotedEvent): boolean => !memory.wasHandled(delivery);
  const events = [...noted, ...logged.pushes];
  const branch = environment.branch === null ? undefined : branchRef(environment.branch);
  const pushes = events.filter(({ ref }) => ref === branch);
  const journal = attemptRef(environment.name);
  const taken = events.filter((event) => event.ref === journal && event.sender !== botLogin && isNews(event));
  const heads = pushes.filter(isNews).flatMap(({ before, after }) => [after, before]);
  return {
    pushes: pushes.filter(({ after }) => !isZeroId(after)),
    commits: [...heads, ...logged.askedAgain].filter((commit) => !isZeroId(commit)),
    taken: taken.map(({ before }) => before).filter((object) => !isZeroId(object)),
    remember: async (head) => {
      const seenTo = [...pushes, ...taken].filter(({ after }) => after !== head);
      for (const { delivery } of seenTo) memory.rememberHandled(delivery);
      if (missed !== undefined) await queues.caughtUp(target, missed);
    },
  };
}

const nothing = { pushes: [], askedAgain: [] } as const;
