import { beforeEach, describe, expect, it } from "vitest";
import { fetchRefs } from "../../../adapters/git/fetch.ts";
import type { Mirror } from "../../../adapters/git/mirror.ts";
import { readTags, tagMessage, tagText, writeTag } from "../../../adapters/git/tags.ts";
import type { Remote } from "../../support/git.ts";
import { createFixture } from "./fixture.ts";

let remote: Remote;
let mirror: Mirror;
let commit: string;

beforeEach(async () => {
  ({ remote, mirror } = await createFixture());
  commit = await remote.commit({ files: { a: "1" }, branches: ["prod"] });
  await fetchRefs(mirror, ["refs/heads/prod"]);
});

/** Puts an object that git would not write itself on a tag of the remote, and fetches it. */
async function fetchRaw(name: string, bytes: string | Uint8Array): Promise<string> {
  const object = await remote.git(["hash-object", "-t", "tag", "-w", "--literally", "--stdin"], {
    input: bytes,
  });
  await remote.setRef(`refs/tags/${name}`, object);
  await fetchRefs(mirror, [`refs/tags/${name}`]);
  return object;
}

describe("tags", () => {
  it("are read as they were written", async () => {
    const text = tagText({
      name: "deploy/prod/1",
      commit,
      message: "Deploy ü🚀\n\nKind: promotion\n",
      at: 17,
    });
    const object = await writeTag(mirror, text);
    expect((await readTags(mirror, [object])).get(object)).toEqual({
      object,
      target: commit,
      targetType: "commit",
      name: "deploy/prod/1",
      text,
    });
    expect(tagMessage(text)).toBe("Deploy ü🚀\n\nKind: promotion\n");
  });

  it("are tags to git, too", async () => {
    const object = await writeTag(mirror, tagText({ name: "deploy/prod/1", commit, message: "m\n", at: 17 }));
    expect(await mirror.local(["cat-file", "-p", object])).toContain(
      "tagger Waymark <waymark@users.noreply.github.com> 17 +0000\n\nm\n",
    );
    expect(await mirror.local(["fsck", "--strict", "--no-dangling", object])).toBe("");
  });

  it.each([
    ["an object id that is none", (text: string) => text.replace(/^object .*/, "object HEAD")],
    ["no type", (text: string) => text.replace(/^type .*\n/m, "")],
    ["no name", (text: string) => text.replace(/^tag .*\n/m, "")],
    ["nothing at all", () => ""],
  ])("are not written with %s", async (_, spoil) => {
    const text = spoil(tagText({ name: "x", commit, message: "m\n", at: 1 }));
    await expect(writeTag(mirror, text)).rejects.toMatchObject({ code: "git-failed" });
  });

  it("are the only objects that are read", async () => {
    const tree = (await mirror.local(["rev-parse", `${commit}^{tree}`])).trim();
    const blob = (await mirror.local(["rev-parse", `${commit}:a`])).trim();
    const object = await writeTag(mirror, tagText({ name: "x", commit, message: "m\n", at: 1 }));
    const read = await readTags(mirror, [commit, "1".repeat(40), tree, blob, object]);
    expect([...read.keys()]).toEqual([object]);
    expect(await readTags(mirror, [])).toEqual(new Map());
  });

  it("say what they point at", async () => {
    const inner = await writeTag(mirror, tagText({ name: "inner", commit, message: "m\n", at: 1 }));
    const text = `object ${inner}\ntype tag\ntag outer\ntagger A <a@b> 1 +0000\n\nm\n`;
    const outer = await fetchRaw("outer", text).catch(() => undefined);
    const object = outer ?? (await writeTag(mirror, text));
    expect((await readTags(mirror, [object])).get(object)).toMatchObject({
      target: inner,
      targetType: "tag",
    });
  });

  it("cannot smuggle in the text of another object by bytes that are no text", async () => {
    const honest = await writeTag(mirror, tagText({ name: "honest", commit, message: "honest\n", at: 1 }));
    const forged = tagText({ name: "forged", commit, message: "forged\n", at: 1 });
    const header = `object ${commit}\ntype commit\ntag evil\ntagger A <a@b> 1 +0000\n\n`;
    // Decoded as text, each of these bytes becomes three, and what follows would stand where the next entry is read.
    const tail = `\n${honest} tag ${forged.length}\n${forged}`;
    const evil = Buffer.concat([
      Buffer.from(header),
      Buffer.alloc(Math.ceil(tail.length / 2), 0xff),
      Buffer.from(tail),
    ]);
    const object = await fetchRaw("evil", evil);
    const read = await readTags(mirror, [honest, object]);
    expect([...read.keys()]).toEqual([honest, object]);
    expect(tagMessage(read.get(honest)?.text ?? "")).toBe("honest\n");
  });

  it.each([
    ["no header", "hello\n"],
    ["a header in another order", "type commit\nobject 1\ntag x\n\nm\n"],
    ["nothing", ""],
  ])("with %s are left out", async (_, text) => {
    const object = (
      await mirror.local(["hash-object", "-t", "tag", "-w", "--literally", "--stdin"], { input: text })
    ).trim();
    expect(await readTags(mirror, [object])).toEqual(new Map());
  });

  it("without a message have an empty one", () => {
    expect(tagMessage("object 1\ntype commit\ntag x\n")).toBe("");
  });
});
