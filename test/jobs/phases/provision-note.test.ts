import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import {
  beginNote,
  finishNote,
  forgetNote,
  readLast,
  readNote,
} from "../../../jobs/phases/provision-note.ts";
import { freshDirectory } from "../../support/directory.ts";

let directory: string;

beforeEach(async () => {
  directory = join(await freshDirectory(), "network");
});

const note = (inputs: string) => ({ inputs, outputs: { host: "d" }, lock: null, state: "local" });

test("a success is remembered, and forgotten before the next apply", async () => {
  await beginNote(directory, "one");
  expect(await readNote(directory)).toBeUndefined();
  await finishNote(directory, "one", note("first"));
  expect(await readNote(directory)).toEqual(note("first"));
  await beginNote(directory, "two");
  expect(await readNote(directory)).toBeUndefined();
  expect(await readLast(directory)).toEqual(note("first"));
  await beginNote(directory, "three");
  expect(await readLast(directory)).toEqual(note("first"));
});

test("whoever wakes up after another has begun can't say any more what is there", async () => {
  await beginNote(directory, "late");
  await beginNote(directory, "new");
  await finishNote(directory, "late", note("old inputs"));
  expect(await readNote(directory)).toBeUndefined();
  await finishNote(directory, "new", note("new inputs"));
  await finishNote(directory, "late", note("old inputs"));
  expect(await readNote(directory)).toEqual(note("new inputs"));
  expect(await readdir(directory)).toEqual(["note.json"]);
});

test("a note that can't be read is none", async () => {
  await beginNote(directory, "one");
  await writeFile(join(directory, "note.json"), '{"inputs":1}');
  expect(await readNote(directory)).toBeUndefined();
});

test("there may be nothing to forget", async () => {
  await forgetNote(directory);
  expect(await readNote(directory)).toBeUndefined();
});
