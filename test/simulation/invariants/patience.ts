import { botLogin, type World } from "../world/world.ts";
import { Violation } from "./violation.ts";

const maximumApplies = 6;

/** At most six applies of one commit in a row to a stack without anybody asking for anything. */
export function watchPatience(world: World): void {
  const rows = new Map<string, { commit: string; count: number }>();
  world.watchers.push({
    pushed: ({ by }) => {
      if (by !== botLogin) rows.clear();
    },
    clicked: () => rows.clear(),
    applyBegins: ({ environment, stack, commit }) => {
      const key = `${environment} ${stack}`;
      const row = rows.get(key);
      const count = row?.commit === commit ? row.count + 1 : 1;
      rows.set(key, { commit, count });
      if (count > maximumApplies)
        throw new Violation("nothing is applied for ever", `${commit} to ${key}, ${count} times in a row`);
    },
  });
}
