import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { processDirectory, readExit } from "../../adapters/process/detached/directory.ts";
import { type BegunCreates, begunCreates } from "../../adapters/terraform/begun-creates.ts";
import { stepOf } from "../../adapters/terraform/step.ts";
import { readWhole, writeWhole } from "./journal.ts";
import { list } from "./run-directory.ts";

const doubtsSchema = z.object({
  /** What an apply that was cut off may have created, though the state does not know of it; addresses. */
  created: z.array(z.string()),
  /** Those of them whose script was cut off, whatever the state knows. */
  scripts: z.array(z.string()),
  /** The wish that was answered by telling this; null: nobody had asked. Absent: nobody was told yet. */
  told: z.string().nullable().optional(),
});

type Doubts = z.output<typeof doubtsSchema>;

/** Where the doubts about a stack are kept until its state, or somebody, knows better. Only this machine has them. */
export function doubtsFile(home: string, repositoryId: number, environment: string, stack: string): string {
  return join(home, "in-doubt", String(repositoryId), environment, `${stack}.json`);
}

/** Notes what the applies of a run of a stack may have created that ended in no good order. */
export async function noteDoubts(file: string, stackRun: string): Promise<void> {
  const applies = (await list(stackRun)).filter((name) => stepOf(name) === "apply");
  const begun = (await Promise.all(applies.map((name) => begunIfCutOff(join(stackRun, name))))).flat();
  if (begun.every(({ created }) => created.length === 0)) return;
  const all = [(await read(file)) ?? { created: [], scripts: [] }, ...begun];
  const together = (key: keyof BegunCreates) => [...new Set(all.flatMap((one) => one[key]))];
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeWhole(file, { created: together("created"), scripts: together("scripts") } satisfies Doubts);
}

/** An apply that ends by itself has stored what it did, or left it as a file: whether it succeeded (0) or failed (1). */
async function begunIfCutOff(apply: string): Promise<BegunCreates[]> {
  const directory = processDirectory(apply);
  const exit = await readExit(directory);
  return exit === 0 || exit === 1 ? [] : [await begunCreates(directory.stdout)];
}

/**
 * The addresses about which somebody must decide before anything more is done to their stack. `known`: gives those that
 * its state knows. `asked`: the wish that this deployment carries out; undefined: nobody's. A wish that came after
 * somebody was told is the decision to go on.
 */
export async function openDoubts(
  file: string,
  known: () => Promise<ReadonlySet<string>>,
  asked: string | undefined,
): Promise<readonly string[]> {
  const doubts = await read(file);
  if (!doubts) return [];
  const isDecided = asked !== undefined && doubts.told !== undefined && doubts.told !== asked;
  const inState = await known();
  const open = doubts.created.filter((address) => !inState.has(address) || doubts.scripts.includes(address));
  if (isDecided || open.length === 0) {
    await dropDoubts(file);
    return [];
  }
  await writeWhole(file, { ...doubts, told: asked ?? doubts.told ?? null } satisfies Doubts);
  return open;
}

async function dropDoubts(file: string): Promise<void> {
  await rm(file, { force: true });
}

async function read(file: string): Promise<Doubts | undefined> {
  const value = await readWhole(file);
  return value === undefined ? undefined : doubtsSchema.parse(value);
}
