import type { DeployWindow } from "./policy-schema.ts";

const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** May a deployment start at this time (milliseconds since 1970)? No window at all: always. */
export function isWithinWindows(windows: readonly DeployWindow[], now: number): boolean {
  return windows.length === 0 || windows.some((window) => isWithin(window, now));
}

/** A window that does not end after it begins runs past midnight and counts to the day it began on. */
function isWithin(window: DeployWindow, now: number): boolean {
  const { day, time } = localTime(now, window.timezone);
  const yesterday = days[(days.indexOf(day) + 6) % 7] ?? day;
  if (window.from < window.to) return window.days.includes(day) && window.from <= time && time < window.to;
  if (time >= window.from) return window.days.includes(day);
  return time < window.to && window.days.includes(yesterday);
}

function localTime(now: number, timeZone: string): { day: (typeof days)[number]; time: string } {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(now).map((part) => [part.type, part.value]));
  const weekday = parts.get("weekday")?.toLowerCase();
  return {
    day: days.find((day) => day === weekday) ?? "sun",
    time: `${parts.get("hour")}:${parts.get("minute")}`,
  };
}
