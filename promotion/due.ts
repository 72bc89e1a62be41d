import { Cron } from "croner";
import type { Scope } from "./mode.ts";
import type { EnvironmentPolicy } from "./policy.ts";
import type { ProvisioningTime } from "./policy-schema.ts";
import type { DeploymentRecord, Postponed } from "./record.ts";

/** When an environment is due again although nobody asks for anything: what its next record says about that. */
export type Due = Pick<DeploymentRecord, "due" | "postponed">;

/** What is known when a deployment is about to be recorded. */
export interface DeploymentEnd {
  /** The policy in force. */
  readonly policy: EnvironmentPolicy;
  /** The provisioning stacks that it went on without. */
  readonly postponed: readonly string[];
  /** The record before. */
  readonly last: DeploymentRecord | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Both times are later than now: so what they lead to ends with a record that is not due yet. */
export function dueAfter({ policy, postponed, last, now }: DeploymentEnd): Due {
  const provisions = Object.values(policy.stacks).some(({ kind }) => kind === "provision");
  return {
    due: provisions ? nextTime(policy.provisioning.schedule, now) : undefined,
    postponed: postponed.length > 0 ? postponedFrom(postponed, last?.postponed, now) : undefined,
  };
}

/** What is due by now; the schedule's run is for the postponed stacks, too. */
export function dueScope({ due, postponed }: DeploymentRecord, now: number): Scope | undefined {
  if (due !== undefined && due <= now) return "provision";
  return postponed && postponed.until <= now ? "postponed" : undefined;
}

/**
 * The next time after `now` that a schedule names, in milliseconds since 1970; undefined: it names none. A time that
 * the clocks leave out in spring comes when they go on; one that they show twice in autumn comes once.
 */
export function nextTime(schedule: readonly ProvisioningTime[], now: number): number | undefined {
  const times = schedule.flatMap((entry) => nextOf(entry, now) ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

function nextOf({ days, at, timezone }: ProvisioningTime, now: number): number | undefined {
  const [hour, minute] = at.split(":").map(Number);
  const cron = new Cron(`${minute} ${hour} * * ${days.join(",")}`, { timezone });
  return cron.nextRun(new Date(now))?.getTime();
}

/** Before the first new try, in milliseconds; doubled before each further one. */
const firstPause = 10 * 60_000;
const longestPause = 6 * 3_600_000;

function postponedFrom(stacks: readonly string[], before: Postponed | undefined, now: number): Postponed {
  const tries = (before?.tries ?? 0) + 1;
  const pause = Math.min(firstPause * 2 ** (tries - 1), longestPause);
  return { stacks, tries, until: Math.ceil((now + pause) / 1000) * 1000 };
}
