import type { Account } from "../model/account.ts";
import type { CheckRun } from "../model/check.ts";
import type { Repository } from "../model/repository.ts";
import type { World } from "../model/world.ts";
import { checkRunEventShape } from "../shapes/check.ts";
import { emit } from "../webhooks/emit.ts";

export interface CheckNews {
  readonly sender: Account;
  /** Null for a change that GitHub sends no event for. */
  readonly action: "created" | "completed" | "rerequested" | "requested_action" | null;
  /** Which of the run's buttons was pressed. */
  readonly button?: string;
}

/** Keeps a new state of a check run and sends `check_run`. A run that was born completed says so as well. */
export function saveCheckRun(world: World, repository: Repository, run: CheckRun, news: CheckNews): void {
  repository.checkRuns.set(run.id, run);
  announceCheckRun(world, repository, run, news);
  const bornCompleted = news.action === "created" && run.status === "completed";
  if (bornCompleted) announceCheckRun(world, repository, run, { ...news, action: "completed" });
}

/** Sends `check_run`. What a person asks of a run goes only to the App that made it. */
export function announceCheckRun(world: World, repository: Repository, run: CheckRun, news: CheckNews): void {
  const { sender, action, button } = news;
  if (action === null) return;
  const asked = action === "rerequested" || action === "requested_action";
  const details = {
    check_run: checkRunEventShape(world.urls, repository, run),
    ...(button === undefined ? {} : { requested_action: { identifier: button } }),
  };
  const to = asked ? { to: run.suite.app } : {};
  emit(world, repository, { name: "check_run", action, sender, details, ...to });
}
