import { expect, test } from "vitest";
import { remarksText } from "../../promotion/report/remarks.ts";

test("nothing to remark, nothing to read", () => {
  expect(remarksText([])).toBe("");
});

test("a nondeterministic synth is told with the files that differ, ten at most, and with what to do", () => {
  const files = Array.from({ length: 12 }, (_, index) => `file-${index}`);
  const text = remarksText([{ kind: "nondeterministic-synth", files }]);
  expect(text).toContain("nondeterministic synth");
  expect(text).toContain("`file-9` and 2 more");
  expect(text).not.toContain("file-10");
  expect(text).toContain("**What to do:**");
});

test("names that an app chose can't be anything but names", () => {
  const text = remarksText([{ kind: "nondeterministic-synth", files: ["`<img src=x>`\n# a"] }]);
  expect(text).toContain("`` `<img src=x>` # a ``");
});

test("a bundle that is on one machine only is a warning", () => {
  const text = remarksText([{ kind: "bundle-not-copied", reason: "The bucket b can't be used." }]);
  expect(text).toMatch(/^\*\*Warning, bundle not copied:\*\* .*`The bucket b can't be used\.`/);
  expect(text).toContain("the next deployment of this environment copies them");
});

test("a bundle that is gone, other tools and a synth that was spared are told", () => {
  const text = remarksText([
    { kind: "bundle-gone", reason: "The bundle abc is not there." },
    { kind: "other-tools", tools: [{ name: "terraform", sealed: "1.10.0", now: "1.11.4" }] },
    { kind: "other-tools", tools: [{ name: "tofu", sealed: "1.8.0", now: undefined }] },
    { kind: "synth-reused" },
  ]);
  expect(text.split("\n\n")).toEqual([
    expect.stringMatching(/^\*\*Synthesized again:\*\* .*may differ.*`The bundle abc is not there\.`$/),
    "Sealed with other tools than are here now: `terraform` `1.10.0`, now `1.11.4`.",
    "Sealed with other tools than are here now: `tofu` `1.8.0`, now missing.",
    expect.stringMatching(/^Synth was not run/),
  ]);
});
