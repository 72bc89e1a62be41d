import type { Repository } from "../../../adapters/git/repository.ts";
import type { ObjectId } from "../../../promotion/object-id.ts";
import { tagName } from "../../../promotion/ref.ts";
import { isAncestor, missingCommits } from "../world/ancestry.ts";
import type { Tag } from "../world/objects.ts";
import { botLogin, type World } from "../world/world.ts";
import type { Thread } from "./thread.ts";

/** The remote as one worker knows it. `known`: the objects that are in its mirror. */
export function repositoryPort(world: World, thread: Thread, known: Set<ObjectId>): Repository {
  const { objects, remote } = world;
  const learn = (object: ObjectId): void => {
    for (let id: ObjectId | undefined = object; id !== undefined; id = objects.tag(id)?.target) known.add(id);
  };
  const tagsAmong = (ids: readonly ObjectId[]): ReadonlyMap<ObjectId, Tag> =>
    new Map(
      ids.flatMap((id) => {
        const tag = known.has(id) ? objects.tag(id) : undefined;
        return tag ? [[id, tag] as const] : [];
      }),
    );
  return {
    fetchRefs: (patterns) =>
      thread.at({
        what: "fetches the refs",
        happen: () => {
          world.watch((watcher) => watcher.refsRead?.(thread));
          const refs = remote.read(patterns);
          for (const object of refs.values()) learn(object);
          return refs;
        },
      }),
    readTags: async (ids) => {
      const missing = ids.filter((id) => !known.has(id));
      if (missing.length > 0) {
        const fetched = (): void => missing.filter((id) => remote.has(id)).forEach(learn);
        await thread.at({ what: "fetches tag objects", happen: fetched });
      }
      return tagsAmong(ids);
    },
    commitBehind: async (object) => objects.commitBehind(object),
    isAncestor: async (ancestor, descendant) => isAncestor(objects, ancestor, descendant),
    missingCommits: async (head, commits) => missingCommits(objects, head, commits),
    uncleanMerges: async () => [],
    treesOf: async (commits) => commits,
    maintain: async () => undefined,
    readFile: async (commit, file) => objects.commit(commit)?.files[file],
    exportCommit: () => Promise.reject(new Error("nothing is ever exported here")),
    writeTag: async ({ name, commit, message }) => {
      const salt = String(world.clock.seconds);
      const object = objects.addTag({ name, target: commit, message, signature: "authentic", salt });
      known.add(object);
      return object;
    },
    pushRefs: (updates) =>
      thread.at({
        what: `pushes ${updates.map(({ ref }) => tagName(ref)).join(", ")}`,
        happen: () => remote.push(updates, botLogin, thread),
      }),
  };
}
