import type { StoredAttempt } from "../../../promotion/attempt.ts";
import { policyPath } from "../../../promotion/policy.ts";
import type { DeploymentRecord } from "../../../promotion/record.ts";
import type { World } from "../world/world.ts";
import { begunBy } from "./obedience.ts";
import { readPresent } from "./read.ts";
import { latestOf, type Truth, type Truths } from "./truth.ts";
import { Violation } from "./violation.ts";

const promise = "provisioning runs when it is due, and alone";

/** Nothing is provisioned by itself before its time, or where other stacks would have to be applied, too. */
export function watchProvisioning(world: World, truths: Truths): void {
  world.watchers.push({
    pushed: (push) => {
      for (const truth of truths.values()) {
        const begun = begunBy(push, truth);
        if (begun?.attempt.scope !== undefined) checkBegin(world, truth, begun);
      }
    },
    applyBegins: ({ environment, attempt: owner, stack }) => {
      const begun = truths.get(environment)?.attempts.find(({ attempt }) => attempt.owner === owner);
      if (begun?.attempt.scope !== undefined && stack !== "base")
        throw new Violation(promise, `${stack} is no provisioning stack`);
    },
  });
}

function checkBegin({ clock }: World, truth: Truth, { attempt }: StoredAttempt): void {
  const { base, kind, commit, supersedes, event, requestedBy } = attempt;
  const from = truth.records.find(({ object }) => object === base)?.record;
  if (!from || !isDue(from, clock.seconds))
    throw new Violation(promise, `${truth.name} is provisioned, and was not due`);
  const isPlain = kind === "redeploy" && commit === from.commit && (event ?? requestedBy) === undefined;
  if (!isPlain || supersedes !== undefined)
    throw new Violation(promise, `${truth.name} is provisioned by an attempt that is about something else`);
}

/** What is due was done, unless a person has to act first. */
export function expectProvisioned(world: World, truth: Truth): void {
  const last = latestOf(truth);
  const { head, attempt, frozen } = readPresent(world, truth.name);
  if (!last || frozen || attempt !== last.object || head !== last.record.branchHead) return;
  // Then nobody knows which stacks are meant.
  if (world.objects.commit(head)?.files[policyPath]?.endsWith("{")) return;
  if (isDue(last.record, world.clock.seconds))
    throw new Violation(promise, `${truth.name} is due since deployment ${last.record.number}`);
}

function isDue({ due, postponed }: DeploymentRecord, seconds: number): boolean {
  return [due, postponed?.until].some((time) => time !== undefined && time <= seconds * 1000);
}
