import { attemptOwnerIn, branchCheckName, requestCheckName } from "../../../promotion/check-name.ts";
import type { BoardCheck } from "../world/board.ts";
import { appId, installationId, type Person, repositoryId, type World } from "../world/world.ts";
import { headOf } from "./branches.ts";

/** Re-run, on the newest check run of the branch head, or of another commit. */
export function clickRerun(world: World, environment: string, by: Person, on: "head" | "earlier"): boolean {
  const head = headOf(world, environment);
  const name = branchCheckName(environment);
  const check = world.board.checks.findLast(
    (one) => one.name === name && (one.commit === head) === (on === "head") && one.status === "completed",
  );
  if (!check) return false;
  world.watch((watcher) => watcher.clicked?.({ environment, commit: check.commit, by }));
  world.post.send("check_run.rerequested", clickOn(check, by));
  return true;
}

/** Approve or Resume, on the nth newest of the check runs that show such a button. */
export function clickGoOn(world: World, environment: string, by: Person, nth: number): boolean {
  const check = offersOn(world, environment).at(-1 - nth);
  const identifier = check && goesOnBy(check.actions);
  if (!check || identifier === undefined) return false;
  const owner = attemptOwnerIn(check.externalId);
  if (owner === undefined) throw new Error(`${check.name} offers a button for no attempt`);
  const delivery = world.post.send("check_run.requested_action", {
    ...clickOn(check, by),
    requested_action: { identifier },
  });
  world.watch((watcher) => watcher.clicked?.({ environment, commit: check.commit, by, owner, delivery }));
  return true;
}

/** Check runs that show a button which lets an attempt go on, newest last. */
export function offersOn({ board }: World, environment: string): BoardCheck[] {
  const names = [branchCheckName(environment), requestCheckName(environment)];
  return board.checks.filter(
    ({ name, status, actions }) => names.includes(name) && status === "completed" && goesOnBy(actions),
  );
}

const goesOnBy = (actions: readonly string[]): string | undefined =>
  actions.find((action) => action === "approve" || action === "resume");

function clickOn({ name, commit, externalId }: BoardCheck, by: Person) {
  return {
    check_run: { name, head_sha: commit, external_id: externalId, app: { id: appId } },
    sender: { login: by },
    repository: { id: repositoryId, name: "shop", owner: { login: "acme" } },
    installation: { id: installationId },
  };
}
