import { z } from "zod";
import type { Repository, SignedTag } from "../../../adapters/git/repository.ts";
import { parseAttempt } from "../../../promotion/attempt.ts";
import { goAheadId, parseGoAheadId } from "../../../promotion/check-name.ts";
import type { ObjectId } from "../../../promotion/object-id.ts";
import { attemptRef, parseDeployRef } from "../../../promotion/ref.ts";
import type { Meddle, Ports } from "../worker/worker.ts";
import type { World } from "../world/world.ts";
import { withoutJournal } from "./without-journal.ts";

/** How a mistake is made. */
export interface Plant {
  readonly meddle: Meddle;
  /** The state's serial moves only when something changes. */
  readonly serialStays: boolean;
}

/** Mistakes that the product could have, each made by standing between it and the world. */
export const bugs = {
  "no-lease": meddling((ports, world) =>
    withRepository(ports, { pushRefs: forced(ports.repository, world) }),
  ),
  "no-attempt": meddling(withoutJournal),
  "no-fence": meddling((ports) => ({ ...ports, runner: unfenced(ports.runner) })),
  "plans-too-early": meddling((ports) => ({ ...ports, runner: hasty(ports.runner) })),
  "no-serial-bump": { meddle: (ports) => ports, serialStays: true },
  "commits-not-objects": meddling((ports, world) =>
    withRepository(ports, { fetchRefs: byCommit(ports.repository, world) }),
  ),
  "events-served-twice": meddling((ports) =>
    withTags(withoutRequestIds(ports), (message) => without(message, "Event")),
  ),
  "no-branch-head": meddling((ports) => withTags(ports, ownCommitAsBranchHead)),
  "never-due": meddling((ports) =>
    withTags(ports, (message) => without(without(message, "Due"), "Postponed")),
  ),
  "approvals-unbound": meddling((ports, world) => ({ ...ports, github: aboutNewest(ports.github, world) })),
  "checks-left-open": meddling((ports) => ({ ...ports, github: neverSuperseding(ports.github) })),
} as const satisfies Record<string, Plant>;

export type Bug = keyof typeof bugs;

export function isBug(name: string): name is Bug {
  return Object.hasOwn(bugs, name);
}

function meddling(meddle: Meddle): Plant {
  return { meddle, serialStays: false };
}

function withRepository(ports: Ports, change: Partial<Repository>): Ports {
  return { ...ports, repository: { ...ports.repository, ...change } };
}

/** A remote that ignores `--force-with-lease`: whatever a ref holds is what was expected. */
function forced({ pushRefs }: Repository, { remote }: World): Repository["pushRefs"] {
  return (updates) =>
    pushRefs(updates.map((update) => ({ ...update, expected: remote.refs.get(update.ref) })));
}

function unfenced({ run, tidy }: Ports["runner"]): Ports["runner"] {
  return { tidy, run: (input, hooks) => run(input, { ...hooks, fence: async () => undefined }) };
}

/** Does not wait until the attempt is in the journal. */
function hasty({ run, tidy }: Ports["runner"]): Ports["runner"] {
  return { tidy, run: (input, hooks) => run(input, { ...hooks, begun: async () => undefined }) };
}

/** `current` is taken for the record whenever it leads to the record's commit. */
function byCommit({ fetchRefs }: Repository, { objects }: World): Repository["fetchRefs"] {
  return async (patterns) => {
    const refs = new Map(await fetchRefs(patterns));
    for (const [name, object] of refs) {
      if (parseDeployRef(name)?.kind !== "current") continue;
      const commit = objects.commitBehind(object);
      const folder = name.slice(0, name.lastIndexOf("/"));
      const records = [...refs].filter(([other]) => other.startsWith(`${folder}/`) && other !== name);
      const same = records.find(
        ([, record]) => record.startsWith("d") && objects.commitBehind(record) === commit,
      );
      if (same) refs.set(name, same[1]);
    }
    return refs;
  };
}

type Edit = (message: string) => string;

/** What tags say is read otherwise. */
function withTags(ports: Ports, edit: Edit): Ports {
  const { repository } = ports;
  const edited = (tags: ReadonlyMap<ObjectId, SignedTag>): ReadonlyMap<ObjectId, SignedTag> =>
    new Map([...tags].map(([object, tag]) => [object, { ...tag, message: edit(tag.message) }]));
  return withRepository(ports, {
    readTags: async (objects) => edited(await repository.readTags(objects)),
  });
}

const without = (message: string, trailer: string): string =>
  message.replace(new RegExp(`^${trailer}: .*\n`, "m"), "");

function ownCommitAsBranchHead(message: string): string {
  const commit = /^Commit: (.*)$/m.exec(message)?.[1] ?? "";
  return message.replace(/^Branch-Head: .*$/m, `Branch-Head: ${commit}`);
}

type CheckFields = { readonly external_id: string; readonly conclusion?: string };

/** Ended check runs do not tell which request they answered. */
function withoutRequestIds(ports: Ports): Ports {
  const { github } = ports;
  const { paginate } = github;
  const anonymous = (run: unknown): unknown => {
    const { success, data } = endedCheck.safeParse(run);
    return success ? { ...data, external_id: "" } : run;
  };
  const list = async (...args: Parameters<typeof paginate>) => (await paginate(...args)).map(anonymous);
  return {
    ...ports,
    github: Object.assign({ ...github }, { paginate: Object.assign(list, { iterator: paginate.iterator }) }),
  };
}

const endedCheck = z.looseObject({
  status: z.literal("completed"),
  external_id: z.string().startsWith("request:"),
});

/** Whatever attempt an approval was about, it is taken for one of the attempt that is in the journal now. */
function aboutNewest(github: Ports["github"], { remote, objects }: World): Ports["github"] {
  const { paginate } = github;
  const rebound = (run: unknown): unknown => {
    const { success, data } = word.safeParse(run);
    const journal = success ? remote.refs.get(attemptRef(data.name.split("/")[1] ?? "")) : undefined;
    const tag = journal === undefined ? undefined : objects.tag(journal);
    const owner = tag && parseAttempt(tag.message)?.owner;
    const said = success ? parseGoAheadId(data.external_id) : undefined;
    return data && said && owner !== undefined
      ? { ...data, external_id: goAheadId({ ...said, owner }) }
      : run;
  };
  const list = async (...args: Parameters<typeof paginate>) => (await paginate(...args)).map(rebound);
  return Object.assign({ ...github }, { paginate: Object.assign(list, { iterator: paginate.iterator }) });
}

const word = z.looseObject({ name: z.string(), external_id: z.string().startsWith("go-ahead:") });

/** Whatever did not end by itself stays open. */
function neverSuperseding(github: Ports["github"]): Ports["github"] {
  const { update } = github.checks;
  const checks = {
    ...github.checks,
    update: async (fields: Parameters<typeof update>[0] & CheckFields) =>
      fields.conclusion === "skipped" ? undefined : await update(fields),
  };
  return Object.assign({ ...github }, { checks });
}
