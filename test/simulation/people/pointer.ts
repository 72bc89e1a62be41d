import type { ObjectId } from "../../../promotion/object-id.ts";
import { currentRef } from "../../../promotion/ref.ts";
import { latestOf, type Truth } from "../invariants/truth.ts";
import type { Destination } from "../step.ts";
import { botLogin, type Person, type World } from "../world/world.ts";
import { headOf } from "./branches.ts";
import { wouldForget } from "./tamper.ts";

/** Moves `current` as a person does, with --force. False: there is no such place, or it is there already. */
export function movePointer(world: World, truth: Truth, by: Person, to: Destination): boolean {
  const ref = currentRef(truth.name);
  const target = to === "nothing" ? undefined : destinationOf(world, truth, to);
  if (target === undefined && to !== "nothing") return false;
  if (world.remote.refs.get(ref) === target || wouldForget(world, truth, { ref, target })) return false;
  world.remote.force(ref, target, by);
  return true;
}

function destinationOf(
  world: World,
  truth: Truth,
  to: Exclude<Destination, "nothing">,
): ObjectId | undefined {
  const { objects } = world;
  const head = headOf(world, truth.name);
  const last = latestOf(truth);
  const earlier = truth.records.at(-2);
  switch (to) {
    case "earlier-commit":
      return earlier?.record.commit;
    case "earlier-record":
      return earlier?.object;
    case "again":
      return last && freshTag(world, truth.name, last.record.commit, "again\n");
    case "look":
      return last && freshTag(world, truth.name, (earlier ?? last).record.commit, "look\n\nMode: whatif\n");
    case "mumble":
      return last && freshTag(world, truth.name, last.record.commit, "look\n\nMode: wahtif\n");
    case "head":
      return head;
    case "before-head":
      return head && objects.commit(head)?.parents[0];
    case "stray":
      return head && objects.addCommit({ parents: [head], files: { "cdktf.json": "{}" }, nature: "sound" });
    case "blob":
      return objects.addBlob();
    case "as-before":
      return truth.moves.findLast(({ by, after }) => by !== botLogin && after !== undefined)?.after;
  }
}

/** As `git tag -a` makes one. */
function freshTag({ objects }: World, environment: string, commit: ObjectId, message: string): ObjectId {
  const name = `deploy/${environment}/current`;
  const salt = String(objects.addBlob());
  return objects.addTag({ name, target: commit, message, signature: "unsigned", salt });
}
