import { beforeEach, describe, expect, it } from "vitest";
import { GitExit } from "../../../adapters/git/command.ts";
import { fetchObject } from "../../../adapters/git/fetch.ts";
import type { Mirror } from "../../../adapters/git/mirror.ts";
import { pushRefs } from "../../../adapters/git/push.ts";
import { installHook, type Remote } from "../../support/git.ts";
import { createFixture, mirrorOf } from "./fixture.ts";

const current = "refs/tags/deploy/prod/current";
const attempt = "refs/tags/deploy/prod/attempt";
const record = "refs/tags/deploy/prod/2";

let remote: Remote;
let mirror: Mirror;
let old: string;
let next: string;

beforeEach(async () => {
  ({ remote, mirror } = await createFixture());
  old = await remote.commit({ files: { a: "1" } });
  next = await remote.commit({ files: { a: "2" }, parents: [old] });
  await fetchObject(mirror, next);
  await remote.setRef(current, old);
});

describe("pushRefs", () => {
  it("moves, creates and deletes in one push", async () => {
    await remote.setRef(attempt, old);
    const updates = [
      { ref: current, expected: old, target: next },
      { ref: record, expected: undefined, target: next },
      { ref: attempt, expected: old, target: undefined },
    ];
    expect(await pushRefs(mirror, updates)).toEqual({ moved: true });
    expect(await remote.readRef(current)).toBe(next);
    expect(await remote.readRef(record)).toBe(next);
    expect(await remote.readRef(attempt)).toBeUndefined();
  });

  it("moves a ref backwards, too, when that is what was expected", async () => {
    await remote.setRef(current, next);
    expect(await pushRefs(mirror, [{ ref: current, expected: next, target: old }])).toEqual({ moved: true });
    expect(await remote.readRef(current)).toBe(old);
  });

  it("takes a ref for moved that holds its target already, as after a lost answer", async () => {
    await remote.setRef(attempt, next);
    const result = await pushRefs(mirror, [
      { ref: current, expected: old, target: next },
      { ref: attempt, expected: old, target: next },
      { ref: record, expected: undefined, target: next },
    ]);
    expect(result).toMatchObject({ moved: true });
    expect(await remote.readRef(current)).toBe(next);
  });

  it.each([
    ["holds something else", { ref: current, expected: "next", target: "attempt" }],
    ["is gone", { ref: attempt, expected: "old", target: "next" }],
    ["is there already", { ref: current, expected: undefined, target: "next" }],
    ["holds something else and is to be deleted", { ref: current, expected: "next", target: undefined }],
  ])("moves none when a ref %s", async (_, update) => {
    const other = await remote.commit({ files: { a: "3" } });
    await fetchObject(mirror, other);
    const ids = new Map([
      ["old", old],
      ["next", next],
      ["attempt", other],
    ]);
    const id = (name: string | undefined) => (name === undefined ? undefined : ids.get(name));
    const stale = { ref: update.ref, expected: id(update.expected), target: id(update.target) };
    const result = await pushRefs(mirror, [{ ref: record, expected: undefined, target: next }, stale]);
    expect(result).toEqual({ moved: false, why: "stale", refs: [update.ref], said: "stale info" });
    expect(await remote.readRef(record)).toBeUndefined();
    expect(await remote.readRef(current)).toBe(old);
    expect(await remote.readRef(attempt)).toBeUndefined();
  });

  it("says that the server forbids it, in its own words", async () => {
    await installHook(remote, "pre-receive", ["echo tags are protected >&2", "exit 1"]);
    const result = await pushRefs(mirror, [{ ref: current, expected: old, target: next }]);
    expect(result).toEqual({
      moved: false,
      why: "refused",
      refs: [current],
      said: "pre-receive hook declined",
    });
    expect(await remote.readRef(current)).toBe(old);
  });

  it("moves none when the server forbids one", async () => {
    await installHook(remote, "update", [`test "$1" != ${record}`]);
    const result = await pushRefs(mirror, [
      { ref: current, expected: old, target: next },
      { ref: record, expected: undefined, target: next },
    ]);
    expect(result).toMatchObject({ moved: false, why: "refused", refs: [record], said: "hook declined" });
    expect(await remote.readRef(current)).toBe(old);
  });

  it("is stale when somebody else was faster by a blink", async () => {
    const move = `unset GIT_QUARANTINE_PATH; git update-ref ${current} ${next}`;
    await installHook(remote, "pre-receive", [move]);
    const other = await remote.commit({ files: { a: "3" } });
    await fetchObject(mirror, other);
    const result = await pushRefs(mirror, [
      { ref: current, expected: old, target: other },
      { ref: record, expected: undefined, target: other },
    ]);
    expect(result).toMatchObject({ moved: false, why: "stale" });
    expect(await remote.readRef(current)).toBe(next);
    expect(await remote.readRef(record)).toBeUndefined();
  });

  it("is stale when somebody else made the new tag a blink before", async () => {
    await installHook(remote, "pre-receive", [`unset GIT_QUARANTINE_PATH; git update-ref ${record} ${old}`]);
    const result = await pushRefs(mirror, [
      { ref: current, expected: old, target: next },
      { ref: record, expected: undefined, target: next },
    ]);
    expect(result).toMatchObject({ moved: false, why: "stale" });
    expect(await remote.readRef(current)).toBe(old);
  });

  it("is refused when a tag stands where the folder of tags should be", async () => {
    await remote.git(["update-ref", "-d", current]);
    await remote.setRef("refs/tags/deploy/prod", old);
    const result = await pushRefs(mirror, [{ ref: record, expected: undefined, target: next }]);
    expect(result).toMatchObject({ moved: false, why: "refused" });
    expect(result).toHaveProperty("said", expect.stringContaining("'refs/tags/deploy/prod' exists"));
  });

  it("proves that a ref is unmoved without moving it", async () => {
    const still = { ref: current, expected: old, target: old };
    const begin = { ref: attempt, expected: undefined, target: next };
    expect(await pushRefs(mirror, [still, begin])).toEqual({ moved: true });
    await remote.setRef(current, next);
    const again = { ref: attempt, expected: next, target: old };
    expect(await pushRefs(mirror, [still, again])).toMatchObject({ moved: false, why: "stale" });
    expect(await remote.readRef(attempt)).toBe(next);
  });

  it("asks nothing of the remote for no updates", async () => {
    const unreachable = await mirrorOf("file:///nowhere/at/all.git");
    expect(await pushRefs(unreachable, [])).toEqual({ moved: true });
  });

  it("throws when the remote cannot be reached", async () => {
    const unreachable = await mirrorOf("file:///nowhere/at/all.git");
    const update = { ref: current, expected: old, target: undefined };
    await expect(pushRefs(unreachable, [update])).rejects.toBeInstanceOf(GitExit);
  });

  it("throws when the object to push is not there", async () => {
    const update = { ref: current, expected: old, target: "1".repeat(40) };
    await expect(pushRefs(mirror, [update])).rejects.toBeInstanceOf(GitExit);
    expect(await remote.readRef(current)).toBe(old);
  });
});
