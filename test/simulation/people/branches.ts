import type { ObjectId } from "../../../promotion/object-id.ts";
import { policyPath } from "../../../promotion/policy.ts";
import { branchRef } from "../../../promotion/ref.ts";
import type { Change } from "../step.ts";
import { isAncestor } from "../world/ancestry.ts";
import type { Nature } from "../world/objects.ts";
import type { World } from "../world/world.ts";

const app = { "cdktf.json": "{}" };

const policy = (rule: string): string =>
  `version: 1\nenvironments: { dev: { ${rule} }, staging: { ${rule} } }\n`;

const provision = "stacks: { base: { kind: provision } }";

const policies: Partial<Record<Change, string>> = {
  "unreadable-policy": "version: 1\nenvironments: {",
  "bob-may": policy("people: [bob]"),
  "rolls-back": policy("rollbackOnFailure: true"),
  provisions: policy(`${provision}, provisioning: { schedule: [{ at: '03:00' }] }`),
  shaky: policy(provision),
  "asks-first": policy("mode: incremental"),
  "only-looks": policy("mode: whatif"),
  razing: policy("mode: incremental"),
};

/** The first commit, which all branches share. */
export function foundBranches(world: World): void {
  const commit = world.objects.addCommit({ parents: [], files: app, nature: "sound" });
  for (const { name } of world.environments) push(world, name, commit);
}

/** A new commit on the environment's branch. */
export function merge(world: World, environment: string, change: Change): boolean {
  const head = headOf(world, environment);
  if (head === undefined) return false;
  return push(
    world,
    environment,
    world.objects.addCommit({ parents: [head], ...contentOf(world, head, change) }),
  );
}

/** Brings the head of the environment that comes first, by fast-forward or by a merge commit. */
export function promote(world: World, environment: string): boolean {
  const { after } = world.environments.find(({ name }) => name === environment) ?? {};
  const [ours, theirs] = [headOf(world, environment), after ? headOf(world, after) : undefined];
  if (!ours || !theirs || isAncestor(world.objects, theirs, ours)) return false;
  if (isAncestor(world.objects, ours, theirs)) return push(world, environment, theirs);
  const merged = { ...contentOf(world, theirs, "plain"), parents: [ours, theirs] };
  return push(world, environment, world.objects.addCommit(merged));
}

/** Forces the branch back by one commit, or to another commit in its head's place. */
export function rewrite(world: World, environment: string, to: "parent" | "aside"): boolean {
  const head = headOf(world, environment);
  const parent = head && world.objects.commit(head)?.parents[0];
  if (head === undefined || parent === undefined) return false;
  if (to === "parent") return push(world, environment, parent);
  return push(
    world,
    environment,
    world.objects.addCommit({ parents: [parent], ...contentOf(world, head, "plain") }),
  );
}

export function headOf(world: World, environment: string): ObjectId | undefined {
  return world.remote.refs.get(branchOf(world, environment));
}

/** Full name. */
export function branchOf({ environments }: World, environment: string): string {
  return branchRef(environments.find(({ name }) => name === environment)?.branch ?? "");
}

/** Whoever pushes to branches has a right to: a ruleset sees to that. */
function push(world: World, environment: string, commit: ObjectId): boolean {
  world.remote.force(branchOf(world, environment), commit, "alice");
  return true;
}

/** A policy stays until the next one; a mistake is mended by the next merge. */
function contentOf({ objects }: World, on: ObjectId, change: Change) {
  const natures: Partial<Record<Change, Nature>> = {
    broken: "broken",
    flaky: "flaky",
    sick: "sick",
    deadly: "deadly",
    shaky: "shaky",
    razing: "razing",
    orphaning: "orphaning",
  };
  const before = objects.commit(on)?.files[policyPath];
  const kept = before === policies["unreadable-policy"] ? undefined : before;
  const text = policies[change] ?? kept;
  const files = { ...(change === "no-app" ? {} : app), ...(text !== undefined && { [policyPath]: text }) };
  return { files, nature: natures[change] ?? ("sound" as const) };
}
