import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isBranchName } from "../../../adapters/registry/branch-name.ts";

const gitAccepts = (name: string) => spawnSync("git", ["check-ref-format", "--branch", name]).status === 0;

test.each([
  "main",
  "feature/one",
  "a.b",
  "ü",
  "a`b$c'd\"<script>",
  "@x",
  "",
  "-x",
  "a..b",
  "a@{b",
  "/a",
  "a/",
  "a//b",
  ".a",
  "a/.b",
  "a.lock",
  "a.lock/b",
  "a.",
  "a b",
  "a\x7fb",
  "a~b",
  "a^b",
  "a:b",
  "a?b",
  "a*b",
  "a[b",
  "a\\b",
  "HEAD",
])("%j is judged as git judges it", (name) => {
  expect(isBranchName(name)).toBe(gitAccepts(name));
});

test("the shorthand of HEAD is no branch", () => {
  expect(isBranchName("@")).toBe(false);
});

test("git agrees about names made of awkward parts", () => {
  const part = fc.constantFrom(
    "a",
    "Z",
    "/",
    ".",
    "..",
    ".lock",
    "@",
    "{",
    "-",
    "~",
    " ",
    "\t",
    "*",
    "\\",
    "é",
  );
  const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
  fc.assert(
    // git reads @{-1} and a leading dash as more than a name: both are refused here, whatever they would mean there.
    fc.property(name, (text) => !isBranchName(text) || gitAccepts(text)),
    { numRuns: 60 },
  );
});
