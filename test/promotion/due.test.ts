import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DeploymentEnd, dueAfter, dueScope, nextTime } from "../../promotion/due.ts";
import { defaultPolicy } from "../../promotion/policy.ts";
import type { ProvisioningTime } from "../../promotion/policy-schema.ts";
import type { Postponed } from "../../promotion/record.ts";
import { last } from "./scene.ts";

const every: ProvisioningTime["days"] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const daily = (at: string, timezone = "UTC"): ProvisioningTime => ({ days: every, at, timezone });
const now = Date.parse("2026-11-18T12:00:00Z");
const minute = 60_000;

/** The first times after `from`, as UTC. */
function times(entry: ProvisioningTime, from: string, count = 1): string[] {
  const found: string[] = [];
  let time = Date.parse(from);
  while (found.length < count) {
    time = nextTime([entry], time) ?? Number.NaN;
    found.push(new Date(time).toISOString().slice(0, 16));
  }
  return found;
}

describe("the next time of a schedule", () => {
  it("is there only if it names one", () => {
    expect(nextTime([], now)).toBeUndefined();
  });

  it("comes today, or tomorrow once it is over", () => {
    expect(times(daily("12:01"), "2026-11-18T12:00:59.999Z")).toEqual(["2026-11-18T12:01"]);
    expect(times(daily("12:00"), "2026-11-18T12:00:00Z")).toEqual(["2026-11-19T12:00"]);
    expect(times(daily("00:00"), "2026-12-31T12:00:00Z")).toEqual(["2027-01-01T00:00"]);
  });

  it("comes on the named days of its own time zone only", () => {
    const monday = { ...daily("03:00", "Pacific/Auckland"), days: ["mon" as const] };
    expect(times(monday, "2026-11-18T12:00:00Z", 2)).toEqual(["2026-11-22T14:00", "2026-11-29T14:00"]);
  });

  it("keeps to the clocks on the wall, in summer and in winter", () => {
    expect(times(daily("03:30", "Europe/Berlin"), "2026-03-28T00:00:00Z", 2)).toEqual([
      "2026-03-28T02:30",
      "2026-03-29T01:30",
    ]);
  });

  it("that the clocks leave out in spring comes when they go on", () => {
    expect(times(daily("02:30", "Europe/Berlin"), "2026-03-28T12:00:00Z", 2)).toEqual([
      "2026-03-29T01:00",
      "2026-03-30T00:30",
    ]);
  });

  it("that the clocks show twice in autumn comes once", () => {
    expect(times(daily("02:30", "Europe/Berlin"), "2026-10-24T12:00:00Z", 2)).toEqual([
      "2026-10-25T00:30",
      "2026-10-26T01:30",
    ]);
  });

  it("is the first of all that it names", () => {
    const entries = [daily("09:00"), daily("15:00"), { ...daily("13:00"), days: ["sun" as const] }];
    expect(nextTime(entries, now)).toBe(Date.parse("2026-11-18T15:00:00Z"));
  });

  it("is always later, by a week at the most and some change of the clocks, and in whole minutes", () => {
    const two = (n: number) => String(n).padStart(2, "0");
    const entry = fc.record({
      days: fc.uniqueArray(fc.constantFrom(...every), { minLength: 1 }),
      at: fc
        .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
        .map(([h, m]) => `${two(h)}:${two(m)}`),
      timezone: fc.constantFrom(
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kathmandu",
        "Pacific/Auckland",
      ),
    });
    const moments = fc.integer({ min: Date.parse("2020-01-01"), max: Date.parse("2040-01-01") });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 3 }), moments, (entries, moment) => {
        const next = nextTime(entries, moment) ?? Number.NaN;
        expect(next).toBeGreaterThan(moment);
        expect(next - moment).toBeLessThanOrEqual((7 * 24 + 1) * 60 * minute);
        expect(next % minute).toBe(0);
      }),
    );
  });
});

const provisions = { ...defaultPolicy, stacks: { network: { kind: "provision" as const } } };
const scheduled = { ...provisions, provisioning: { schedule: [daily("03:00")] } };
const end = (more: Partial<DeploymentEnd> = {}): DeploymentEnd => ({
  policy: scheduled,
  postponed: [],
  last: last.record,
  now,
  ...more,
});
const again = (before?: Postponed) =>
  dueAfter(end({ postponed: ["network"], last: { ...last.record, postponed: before } })).postponed;

describe("what a record says about its environment's next time", () => {
  it("is what the policy's schedule says, if there is anything to provision", () => {
    expect(dueAfter(end())).toEqual({ due: Date.parse("2026-11-19T03:00:00Z"), postponed: undefined });
    expect(dueAfter(end({ policy: provisions }))).toEqual({});
    expect(dueAfter(end({ policy: { ...scheduled, stacks: {} } }))).toEqual({});
    expect(dueAfter(end({ policy: { ...scheduled, stacks: { app: { kind: "deploy" } } } }))).toEqual({});
  });

  it("is sooner the first time that a stack was postponed, and twice as late each further time", () => {
    const first = again();
    expect(first).toEqual({ stacks: ["network"], tries: 1, until: now + 10 * minute });
    expect(again(first)).toEqual({ stacks: ["network"], tries: 2, until: now + 20 * minute });
    expect(again({ stacks: ["other"], tries: 5, until: 0 })?.until).toBe(now + 320 * minute);
    for (const tries of [6, 7, 100, 10_000]) {
      expect(again({ stacks: ["network"], tries, until: 0 })?.until).toBe(now + 360 * minute);
    }
  });

  it("is spelled in whole seconds, never sooner than meant", () => {
    const { postponed } = dueAfter(end({ postponed: ["network"], now: now + 1 }));
    expect(postponed?.until).toBe(now + 10 * minute + 1000);
  });

  it("is never now", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: now * 2 }), fc.boolean(), fc.nat(20), (moment, fails, tries) => {
        const before = { stacks: ["network"], tries: tries + 1, until: 0 };
        const record = { ...last.record, postponed: before };
        const due = dueAfter(end({ now: moment, postponed: fails ? ["network"] : [], last: record }));
        expect(dueScope({ ...last.record, ...due }, moment)).toBeUndefined();
      }),
    );
  });
});

describe("what is due", () => {
  const postponed = { stacks: ["network"], tries: 1, until: now };

  it.each([
    ["nothing, when the record says nothing", {}, undefined],
    ["nothing before its time", { due: now + 1, postponed: { ...postponed, until: now + 1 } }, undefined],
    ["provisioning, at its time", { due: now }, "provision"],
    ["what was postponed, at its time", { due: now + 1, postponed }, "postponed"],
    ["all provisioning, when both are", { due: now - 1, postponed }, "provision"],
  ])("is %s", (_, due, scope) => {
    expect(dueScope({ ...last.record, ...due }, now)).toBe(scope);
  });
});
