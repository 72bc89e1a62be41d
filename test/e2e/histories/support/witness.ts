import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { until } from "./until.ts";

/** The log that applied resources themselves append to: never the service's own word. */
export interface Witness {
  /** What a stack's resource runs when it is made: it says when it begins and ends, and waits in between if it has to. */
  command(stack: string, version: string): string;
  /**
   * What was applied, as `<stack> <version>`, oldest first. Throws when something was begun before the one before it had
   * ended.
   */
  applied(): Promise<readonly string[]>;
  /** Lets every resource of a stack that is made from now on wait. */
  hold(stack: string): Promise<HeldResource>;
}

export interface HeldResource {
  /** Resolves when a resource of this version waits. */
  reached(version: string): Promise<void>;
  release(): Promise<void>;
}

/** `directory`: one that the resources may write to, the environment's state directory. */
export function createWitness(directory: string): Witness {
  const log = path.join(directory, "witness.log");
  const holdFile = (stack: string): string => path.join(directory, `hold-${stack}`);
  const lines = async (): Promise<readonly string[]> => {
    const text = await readFile(log, "utf8").catch(() => "");
    return text.split("\n").filter((line) => line !== "");
  };
  return {
    command: (stack, version) =>
      [
        `echo 'begin ${stack} ${version}' >>${log}`,
        `while [ -e ${holdFile(stack)} ]; do sleep 0.05; done`,
        `echo 'end ${stack} ${version}' >>${log}`,
      ].join("; "),
    applied: async () => inTurn(await lines()),
    hold: async (stack) => {
      await writeFile(holdFile(stack), "");
      return {
        reached: async (version) => {
          const line = `begin ${stack} ${version}`;
          await until(line, async () => (await lines()).at(-1) === line);
        },
        release: () => rm(holdFile(stack), { force: true }),
      };
    },
  };
}

function inTurn(lines: readonly string[]): readonly string[] {
  const begun = lines.filter((_, index) => index % 2 === 0).map((line) => line.replace(/^begin /, ""));
  const expected = begun.flatMap((what) => [`begin ${what}`, `end ${what}`]);
  if (lines.join("\n") !== expected.join("\n")) throw new Error(`not one after another: ${lines.join(", ")}`);
  return begun;
}
