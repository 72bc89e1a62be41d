import type {
  DeploymentRunner,
  RunHooks,
  RunInput,
  RunOutcome,
} from "../../../jobs/verbs/deployment-runner.ts";
import type { Failure } from "../../../promotion/failure.ts";
import { looksOnly } from "../../../promotion/mode.ts";
import type { Stop } from "../../../promotion/stop.ts";
import { approvalNeeded, modeOf, planDigest, stop } from "../world/stops.ts";
import { type Apply, type ApplyEnd, endApply, type StackState, startApply } from "../world/terraform.ts";
import { statesOf, type World } from "../world/world.ts";
import type { Thread } from "./thread.ts";

/** Stands for checkout, synth and Terraform: plan, fence and apply of one stack after the other, then verify. */
export function runnerPort(world: World, thread: Thread): DeploymentRunner {
  return {
    tidy: async () => undefined,
    run: async (input, hooks) => {
      const states = statesOf(world, input.attempt.environment);
      const app = await thread.at({
        what: `synthesizes ${input.attempt.commit}`,
        happen: () => true,
        local: { breakDown: () => false },
      });
      if (!app) return failed(failures.flaky);
      await hooks.begun();
      const adopted = await thread.at({
        what: "waits for what an earlier worker left running",
        isReady: () => states.every(({ applying }) => applying === undefined),
        happen: () => true,
        local: { breakDown: () => false },
      });
      if (!adopted) return failed(failures.flaky);
      const postponed: string[] = [];
      for (const state of states.filter((one) => isInScope(one, input))) {
        const end = await runStack(world, thread, input, hooks, state);
        const waits = end?.result === "failed" && mayWait(end.failure, state, input);
        if (end && !waits) return end;
        if (end) postponed.push(state.name);
      }
      if (looksOnly(modeOf(input))) return stopped(stop("planned"));
      return await verify(world, thread, input, postponed);
    },
  };
}

const isProvision = ({ name }: StackState, { policy }: RunInput): boolean =>
  policy.stacks[name]?.kind === "provision";

const isInScope = (state: StackState, input: RunInput): boolean =>
  input.attempt.scope === undefined || isProvision(state, input);

/** A provisioning stack that was there before and fails for a passing reason is postponed. */
function mayWait({ class: kind }: Failure, state: StackState, input: RunInput): boolean {
  const isThere = state.content !== undefined && input.attempt.supersedes === undefined;
  return kind === "transient" && isThere && isProvision(state, input);
}

async function runStack(
  world: World,
  thread: Thread,
  input: RunInput,
  hooks: RunHooks,
  state: StackState,
): Promise<RunOutcome | undefined> {
  const { attempt } = input;
  const planned = await thread.at({
    what: `plans ${state.name}`,
    happen: () => {
      world.watch((watcher) => watcher.planBegins?.(attempt.owner));
      return isFlaky(world, input, state) ? undefined : { ...state };
    },
    local: { breakDown: () => undefined },
  });
  if (!planned) return failed(failures.flaky);
  if (looksOnly(modeOf(input))) return undefined;
  if (planned.content === attempt.commit && attempt.supersedes === undefined) return undefined;
  const waits = stopBefore(world, input, planned);
  if (waits) return stopped(waits);
  await hooks.fence();
  const failure = await applyStack(world, thread, input, state, planned.serial);
  return failure && failed(failure);
}

/** What somebody has to say yes to first. */
function stopBefore({ objects }: World, input: RunInput, planned: StackState): Stop | undefined {
  const { commit, approved = [], requestedBy } = input.attempt;
  const nature = planned.content === commit ? "sound" : objects.commit(commit)?.nature;
  if (nature === "orphaning" && requestedBy === undefined) return stop("end-unknown");
  const digest = planDigest(planned, commit);
  const asks = nature === "razing" && modeOf(input) === "incremental" && !approved.includes(digest);
  return asks ? approvalNeeded([digest]) : undefined;
}

async function applyStack(
  world: World,
  thread: Thread,
  { attempt }: RunInput,
  state: StackState,
  serial: number,
): Promise<Failure | undefined> {
  const { environment, commit, owner } = attempt;
  const isOrphan = (): boolean => !thread.isAlive();
  const apply: Apply = { environment, commit, stack: state.name, attempt: owner, isOrphan };
  const started = await thread.at({
    what: `starts to apply ${commit} to ${state.name}`,
    isReady: () => state.applying === undefined,
    happen: () => {
      const isFresh = startApply(state, apply, serial);
      if (isFresh) world.watch((watcher) => watcher.applyBegins?.(apply));
      return isFresh ? "started" : "stale";
    },
    local: { breakDown: () => "locked" },
  });
  if (started !== "started") return started === "locked" ? failures.locked : failures.stale;
  const end = await thread.at({
    what: `ends the apply of ${commit} to ${state.name}`,
    happen: () => {
      if (world.objects.commit(commit)?.nature === "deadly") world.dying.add(thread);
      return finishApply(world, state, "well");
    },
    local: { breakDown: () => finishApply(world, state, "half-way") },
  });
  return end === "well" ? undefined : failures.broken;
}

/** Ends the running apply of a stack: also one whose worker is gone. */
export function finishApply(world: World, state: StackState, wanted: ApplyEnd): ApplyEnd {
  const { applying } = state;
  if (!applying) return wanted;
  const end = world.objects.commit(applying.commit)?.nature === "broken" ? "half-way" : wanted;
  endApply(state, applying, end, world.serialStays);
  return end;
}

async function verify(
  world: World,
  thread: Thread,
  { attempt, bundle }: RunInput,
  postponed: readonly string[],
): Promise<RunOutcome> {
  const isSick = (): boolean => world.objects.commit(attempt.commit)?.nature === "sick";
  const healthy = await thread.at({
    what: "verifies",
    happen: () => !isSick(),
    local: { breakDown: () => false },
  });
  if (!healthy) return failed(failures.sick);
  const sealed = bundle ?? `bundle of ${attempt.commit}`;
  return { result: "applied", bundle: sealed, plan: "plan", postponed, details: "" };
}

/** What is shaky goes well from the second time on. */
function isFlaky({ objects }: World, input: RunInput, state: StackState): boolean {
  const { commit, scope, supersedes } = input.attempt;
  const nature = objects.commit(commit)?.nature;
  const isFirst = scope === undefined && supersedes === undefined;
  return nature === "flaky" || (nature === "shaky" && isFirst && isProvision(state, input));
}

const failed = (failure: Failure): RunOutcome => ({ result: "failed", failure, details: "" });
const stopped = (why: Stop): RunOutcome => ({ result: "stopped", stop: why, details: "" });

const failures = {
  flaky: failure("temporarily-unavailable", "service", "transient"),
  locked: failure("state-locked", "service", "lock"),
  stale: failure("plan-stale", "service", "conflict"),
  broken: failure("apply-failed", "user", "code"),
  sick: failure("unhealthy", "user", "code"),
};

function failure(code: string, source: Failure["source"], kind: Failure["class"]): Failure {
  return { code, source, class: kind, message: code, next: "Look." };
}
