import { branchCheckName } from "../../../promotion/check-name.ts";
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
  world.post.send("check_run.rerequested", {
    check_run: { name, head_sha: check.commit, app: { id: appId } },
    sender: { login: by },
    repository: { id: repositoryId, name: "shop", owner: { login: "acme" } },
    installation: { id: installationId },
  });
  return true;
}
