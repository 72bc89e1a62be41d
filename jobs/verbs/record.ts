import type { DeploymentRecord, StoredRecord } from "../../promotion/record.ts";
import { recordRef } from "../../promotion/ref.ts";
import { record } from "../attempt/steps.ts";
import { readEnvironmentRefs } from "../observe/environment-refs.ts";
import type { RunningAttempt } from "./deploy.ts";
import type { RunOutcome } from "./deployment-runner.ts";
import { finishDeployment } from "./finish.ts";
import { repairIfLate } from "./late.ts";
import { refusePush } from "./refused-push.ts";

type Applied = Extract<RunOutcome, { result: "applied" }>;

/** So many numbers in a row taken by foreign tags is an attack; a person should look. */
const maximumSkips = 100;

/** One push makes the deployment known; then everybody is told. Numbers that foreign tags hold are skipped. */
export async function recordDeployment(running: RunningAttempt, applied: Applied): Promise<void> {
  const { work, look, open, reporter } = running;
  const first = (look.observation.last?.record.number ?? 0) + 1;
  for (let number = first; number < first + maximumSkips; number += 1) {
    const result = await record(
      work.session.git,
      open,
      newRecord(running, applied, number),
      look.book.refs.current,
    );
    if (result.push.moved) {
      work.log.info({ record: number, commit: open.attempt.commit }, "recorded");
      work.services.memory.rememberNewest(work.session, open.attempt.environment, number);
      await reporter.leave();
      return await finishDeployment(work, {
        last: result.record,
        done: result.done,
        details: applied.details,
      });
    }
    if (result.push.why === "refused") return await refusePush(work, look, result.push);
    if (!(await isTaken(running, number))) break;
    work.log.warn({ number }, "a foreign tag holds this number: skipped");
  }
  await reporter.leave();
  await repairIfLate(work, open);
}

async function isTaken({ work, open, look }: RunningAttempt, number: number): Promise<boolean> {
  const refs = await readEnvironmentRefs(work.session.git, work.session.environment, [number]);
  const stillOurs = refs.attempt === open.object && refs.current === look.book.refs.current;
  return stillOurs && refs.records.has(number);
}

function newRecord(running: RunningAttempt, applied: Applied, number: number): DeploymentRecord {
  const { work, look, decision, open } = running;
  const last: StoredRecord | undefined = look.observation.last;
  const { repository, environment, commit, kind, event, requestedBy } = open.attempt;
  return {
    repository,
    environment,
    number,
    commit,
    kind,
    branch: work.session.environment.branch ?? recordRef(environment, number),
    branchHead: decision.branchHead,
    previous: last?.object,
    requestedBy,
    event,
    bundle: applied.bundle,
    plan: applied.plan,
  };
}
