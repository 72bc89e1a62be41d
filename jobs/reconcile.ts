import { decide } from "../promotion/decide.ts";
import { type Look, observe } from "./observe/observe.ts";
import { closeOpenChecks } from "./reports/close-open.ts";
import { readTold } from "./reports/told.ts";
import type { Turn, Work } from "./services.ts";
import { deploy } from "./verbs/deploy.ts";
import { finishDeployment } from "./verbs/finish.ts";
import { hold } from "./verbs/hold.ts";
import { putRecordBack, restoreCurrent } from "./verbs/restore.ts";
import { repairIfTaken } from "./verbs/taken.ts";
import { withdraw } from "./verbs/withdraw.ts";
import { effectiveView } from "./view.ts";

/** More turns than any sane sequence of decisions takes; the sweep goes on from there. */
const maximumTurns = 12;

/** Looks at one environment and carries out what the rules say, until they say that nothing is left to do. */
export async function reconcile(begun: Work): Promise<void> {
  let work = begun;
  let known: ReadonlySet<string> = new Set();
  for (let turns = 0; turns < maximumTurns; turns += 1) {
    const look = await observe(effectiveView(work));
    remember(work, look);
    const turn = await carryOut(work, look);
    if (turn === "leave") return;
    if (turn === "rest") {
      const unsettled = await rest(work, look, known);
      if (!unsettled) return;
      known = unsettled;
    }
    // Something was done, and so told: what was told must not stay open, whyever this look began.
    work = { ...work, deep: true };
  }
  work.log.error("the rules did not come to rest");
}

/** Undefined: there is nothing left to do. Else the deliveries that were read before the next look. */
async function rest(
  work: Work,
  look: Look,
  known: ReadonlySet<string>,
): Promise<ReadonlySet<string> | undefined> {
  if (!work.deep) return undefined;
  const told = await readTold(work);
  const isOver = !(await repairIfTaken(work, look, told)) && (await closeOpenChecks(work, look, told, known));
  return isOver ? undefined : new Set(told.pushes.map(({ delivery }) => delivery));
}

async function carryOut(work: Work, look: Look): Promise<Turn> {
  const decision = decide(look.observation, look.policies);
  work.log.debug({ decision }, "decided");
  switch (decision.do) {
    case "nothing":
      return "rest";
    case "hold":
      return await hold(work, look, decision.hold);
    case "put-back":
      await putRecordBack(work, look, decision);
      return "again";
    case "finish": {
      const { last, attempt, object } = decision;
      await finishDeployment(work, { last, done: { attempt, object } });
      return "again";
    }
    case "withdraw":
      await withdraw(work, look, decision);
      return "again";
    case "restore":
      await restoreCurrent(work, look, decision);
      return "again";
    case "deploy":
      return await deploy(work, look, decision);
  }
}

function remember({ services, session }: Work, { book }: Look): void {
  services.memory.rememberNewest(session, session.environment.name, book.last?.record.number ?? 0);
}
