import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { type Moto, motoAt, motoProgram } from "./moto.ts";

const noteSchema = z.object({ url: z.string(), pid: z.int() });

const noteOf = (directory: string): string => path.join(directory, "moto.json");

/** Written when it starts, so that a later demo finds it. */
export async function rememberMoto(directory: string, { url, pid }: Moto): Promise<void> {
  await writeFile(noteOf(directory), JSON.stringify({ url, pid }));
}

/** The moto that a demo on this stage has left running. Its number may belong to somebody else by now. */
export async function findMoto(directory: string): Promise<Moto | undefined> {
  const note = await readFile(noteOf(directory), "utf8").catch(() => undefined);
  if (note === undefined) return undefined;
  const { url, pid } = noteSchema.parse(JSON.parse(note));
  const { stdout } = await execa("ps", ["-o", "command=", "-p", String(pid)], { reject: false });
  return stdout.includes(motoProgram) ? motoAt(url, pid) : undefined;
}
