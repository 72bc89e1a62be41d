import { policyInForce } from "../../promotion/decide.ts";
import { dueAfter } from "../../promotion/due.ts";
import { toFailure, WaymarkError } from "../../promotion/failure.ts";
import type { DeploymentRecord, StoredRecord } from "../../promotion/record.ts";
import { recordRef } from "../../promotion/ref.ts";
import { record } from "../attempt/steps.ts";
import { readEnvironmentRefs } from "../observe/environment-refs.ts";
import type { Turn } from "../services.ts";
import type { RunOutcome } from "./deployment-runner.ts";
import { failAttempt } from "./fail.ts";
import { finishDeployment } from "./finish.ts";
import { leaveIfLost } from "./late.ts";
import { pushRefused } from "./refused-push.ts";
import { nextNumber, type RunningAttempt } from "./running-attempt.ts";

type Applied = Extract<RunOutcome, { result: "applied" }>;

/** Whoever takes a number away that often means harm; a person should look. */
const maximumTries = 10;

/** One push makes the deployment known; then everybody is told. Numbers that foreign tags hold are skipped. */
export async function recordDeployment(running: RunningAttempt, applied: Applied): Promise<Turn> {
  const { work, look, open } = running;
  let number: number | undefined = nextNumber(running);
  for (let tries = 0; tries < maximumTries && number !== undefined; tries += 1) {
    const deployed = newRecord(running, applied, number);
    const result = await record(work.session.git, open, deployed, look.book.refs.current);
    if (result.push.moved) return await tell(running, applied, result);
    if (result.push.why === "refused") return await failRecord(running, applied, pushRefused(result.push));
    number = await nextFree(running, number);
  }
  if (number !== undefined) return await failRecord(running, applied, numbersTaken(running));
  return (await leaveIfLost(running, true)) ?? "again";
}

async function tell(
  { work, open, reporter }: RunningAttempt,
  { details }: Applied,
  { record: last, done }: Awaited<ReturnType<typeof record>>,
): Promise<Turn> {
  const { number, commit } = last.record;
  work.log.info({ record: number, commit }, "recorded");
  work.services.memory.rememberNewest(work.session, open.attempt.environment, number);
  await reporter.leave();
  await finishDeployment(work, { last, done, details });
  return "again";
}

/** Applied, but it can't be said: a failure, or the next look would apply it again, and so on for ever. */
async function failRecord(running: RunningAttempt, { details }: Applied, error: WaymarkError): Promise<Turn> {
  return await failAttempt(running, { result: "failed", failure: toFailure(error), details });
}

/** The next number that no foreign tag holds; undefined: the push failed because the attempt is ours no more. */
async function nextFree({ work, open, look }: RunningAttempt, taken: number): Promise<number | undefined> {
  const refs = await readEnvironmentRefs(work.session.git, work.session.environment, "all");
  const stillOurs = refs.attempt === open.object && refs.current === look.book.refs.current;
  if (!stillOurs || !refs.records.has(taken)) return undefined;
  work.log.warn({ number: taken }, "a foreign tag holds this number: skipped");
  let number = taken;
  while (refs.records.has(number)) number += 1;
  return number;
}

function numbersTaken({ open }: RunningAttempt): WaymarkError {
  const tags = `deploy/${open.attempt.environment}/<number>`;
  return new WaymarkError({
    code: "numbers-taken",
    source: "user",
    class: "conflict",
    message: `Somebody takes every number of ${tags} before the deployment can be recorded.`,
    next: `Let a ruleset keep everybody but the Waymark App from making \`${tags}\` tags, then re-run.`,
  });
}

function newRecord(running: RunningAttempt, applied: Applied, number: number): DeploymentRecord {
  const { work, look, decision, open } = running;
  const last: StoredRecord | undefined = look.observation.last;
  const { repository, environment, commit, kind, event, requestedBy, approvedBy } = open.attempt;
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
    approvedBy,
    event,
    bundle: applied.bundle,
    plan: applied.plan,
    scope: open.attempt.scope,
    ...dueAfter({
      policy: policyInForce(look.policies),
      postponed: applied.postponed ?? [],
      last: last?.record,
      now: work.services.now(),
    }),
  };
}
