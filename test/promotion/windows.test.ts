import { describe, expect, it } from "vitest";
import type { DeployWindow } from "../../promotion/policy-schema.ts";
import { isWithinWindows } from "../../promotion/windows.ts";

const weekdays: DeployWindow["days"] = ["mon", "tue", "wed", "thu", "fri"];
const office: DeployWindow = { days: weekdays, from: "09:00", to: "17:00", timezone: "UTC" };
const night: DeployWindow = { days: ["fri"], from: "22:00", to: "02:00", timezone: "UTC" };
const isOpen = (window: DeployWindow, at: string) => isWithinWindows([window], Date.parse(at));

describe("deploy windows", () => {
  it("that nobody set are always open", () => {
    expect(isWithinWindows([], 0)).toBe(true);
  });

  it.each([
    ["2024-05-15T08:59:59.999Z", false],
    ["2024-05-15T09:00:00Z", true],
    ["2024-05-15T16:59:59.999Z", true],
    ["2024-05-15T17:00:00Z", false],
    ["2024-05-18T12:00:00Z", false],
    ["2024-05-19T12:00:00Z", false],
    ["2024-05-20T12:00:00Z", true],
  ])("from nine to five on weekdays: %s is within: %s", (at, expected) => {
    expect(isOpen(office, at)).toBe(expected);
  });

  it.each([
    ["2024-05-17T21:59:00Z", false],
    ["2024-05-17T22:00:00Z", true],
    ["2024-05-18T00:00:00Z", true],
    ["2024-05-18T01:59:00Z", true],
    ["2024-05-18T02:00:00Z", false],
    ["2024-05-17T01:00:00Z", false],
    ["2024-05-18T22:30:00Z", false],
  ])("past midnight count to the day they began on: %s is within: %s", (at, expected) => {
    expect(isOpen(night, at)).toBe(expected);
  });

  it("past midnight go from Saturday to Sunday, and from Sunday to Monday", () => {
    expect(isOpen({ ...night, days: ["sat"] }, "2024-05-19T01:00:00Z")).toBe(true);
    expect(isOpen({ ...night, days: ["sun"] }, "2024-05-20T01:00:00Z")).toBe(true);
  });

  it("are in their own time zone, winter and summer", () => {
    const berlin = { ...office, timezone: "Europe/Berlin" };
    expect(isOpen(berlin, "2024-01-15T07:59:00Z")).toBe(false);
    expect(isOpen(berlin, "2024-01-15T08:00:00Z")).toBe(true);
    expect(isOpen(berlin, "2024-07-15T06:59:00Z")).toBe(false);
    expect(isOpen(berlin, "2024-07-15T07:00:00Z")).toBe(true);
  });

  it("are on their own time zone's day", () => {
    const auckland = { ...office, days: ["mon" as const], timezone: "Pacific/Auckland" };
    expect(isOpen(auckland, "2024-05-19T22:00:00Z")).toBe(true);
    expect(isOpen(auckland, "2024-05-20T22:00:00Z")).toBe(false);
  });

  it("hold midnight itself", () => {
    expect(isOpen({ ...office, from: "00:00", to: "00:01" }, "2024-05-15T00:00:30Z")).toBe(true);
    expect(isOpen({ ...office, from: "23:00", to: "00:00" }, "2024-05-15T23:59:59Z")).toBe(true);
    expect(isOpen({ ...office, from: "23:00", to: "00:00" }, "2024-05-16T00:00:00Z")).toBe(false);
  });

  it("from a time to the same time are the whole day", () => {
    const wednesday = { ...office, days: ["wed" as const], from: "00:00", to: "00:00" };
    expect(isOpen(wednesday, "2024-05-15T00:00:00Z")).toBe(true);
    expect(isOpen(wednesday, "2024-05-15T23:59:59Z")).toBe(true);
    expect(isOpen(wednesday, "2024-05-16T00:00:00Z")).toBe(false);
    expect(isOpen(wednesday, "2024-05-14T23:59:59Z")).toBe(false);
  });

  it("are open when any of several is", () => {
    expect(isWithinWindows([office, night], Date.parse("2024-05-17T23:00:00Z"))).toBe(true);
    expect(isWithinWindows([office, night], Date.parse("2024-05-17T20:00:00Z"))).toBe(false);
  });
});
