import { statesOf, type World } from "../world/world.ts";
import { readPresent } from "./read.ts";
import { latestOf, type Truth } from "./truth.ts";
import { Violation } from "./violation.ts";

/**
 * What is really applied is what the record says, but for what it says is postponed, or the journal says that something
 * is unfinished.
 */
export function expectAppliedIsRecorded(world: World, truth: Truth): void {
  const last = latestOf(truth);
  const { attempt } = readPresent(world, truth.name);
  // Before the first record there is nothing that could be kept.
  if (!last) return;
  const states = statesOf(world, truth.name);
  const postponed = last.record.postponed?.stacks ?? [];
  const isApplied = states.every(
    ({ name, content }) => content === last.record.commit || postponed.includes(name),
  );
  if (isApplied || attempt !== last.object) return;
  const applied = states.map(({ content }) => content).join(" and ");
  throw new Violation(
    "what is applied is what is recorded",
    `${applied} is applied, ${last.record.commit} recorded`,
  );
}
