import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { movedAt } from "../../demo/stage/ref-clock.ts";
import { merge, proposeChange, retag } from "../../demo/stage/release.ts";
import { createStage, type Stage } from "../../demo/stage/stage.ts";
import { tearDown } from "../../demo/stage/tear-down.ts";
import { until } from "../../demo/stage/wait.ts";
import { bootstrap } from "../../demo/tour/steps/bootstrap.ts";
import { install } from "../../demo/tour/steps/install.ts";
import type { BenchContext } from "../harness/figure.ts";
import { listenForSilence } from "./quiet.ts";

/** A change that waits to be merged into `dev`. */
export interface Proposal {
  readonly number: number;
  readonly branch: string;
  /** The head of its branch: it holds just what the merge will hold. */
  readonly commit: string;
}

/** The demo's repository and people, with Waymark at work on it: what most benches deploy on. */
export interface Shop {
  readonly stage: Stage;
  /** Pushes what `change` does to the application on a branch of its own. Wakes nobody who would deploy it. */
  propose(change: (clone: string) => Promise<void>): Promise<Proposal>;
  /** Merges and waits until all is said and done; gives the seconds from the merge to the tag, and the merge. */
  deploy(proposal: Proposal): Promise<{ readonly seconds: number; readonly commit: string }>;
  /** Moves the tag to a commit that was deployed before; gives the seconds from that move to the tag. */
  rollBack(commit: string): Promise<number>;
}

/** Waymark said in a check run why it did not deploy. */
export class NotDeployed extends Error {
  override readonly name = "NotDeployed";
}

/** Nothing but what a bench does itself shall wake the worker, and no sample shall run into a limit. */
const stageOptions = { sweepSeconds: 86_400, rateLimit: 1_000_000 };

/** Opens a shop for a bench, which closes it at its end. */
export async function openShop({ directory, atEnd }: BenchContext): Promise<Shop> {
  const stage = await createStage(directory, stageOptions);
  atEnd(() => tearDown(stage));
  const memory = { commits: new Map<string, string>(), mergeToTag: [] };
  await bootstrap.play(stage, memory);
  await install.play(stage, memory);
  const { bareDirectory } = stage.repository;
  const silence = listenForSilence(stage.github, await stage.redisUrl());
  atEnd(silence.close);
  let [proposals, records] = [0, 0];
  /** From the move of a ref, which has just been made, to the next record. */
  const untilNext = async (ref: string, asked: number): Promise<number> => {
    const since = (await movedAt(bareDirectory, ref)) ?? Number.NaN;
    const record = `refs/tags/deploy/dev/${records + 1}`;
    const made = await until(record, async () => {
      return (await movedAt(bareDirectory, record)) ?? failureSince(stage, asked);
    });
    if (typeof made === "string") {
      await silence.untilQuiet();
      throw new NotDeployed(made);
    }
    records += 1;
    await untilSettled(bareDirectory, records);
    await silence.untilQuiet();
    return (made - since) / 1000;
  };
  return {
    stage,
    propose: async (change) => {
      proposals += 1;
      const branch = `change-${proposals}`;
      const number = await proposeChange(stage, branch, change);
      await stage.github.idle();
      return { number, branch, commit: await stage.people.bob.git("rev-parse", "HEAD") };
    },
    deploy: async ({ number }) => {
      const asked = stage.github.requests.length;
      const { commit } = await merge(stage, number);
      return { commit, seconds: await untilNext("refs/heads/dev", asked) };
    },
    rollBack: async (commit) => {
      const asked = stage.github.requests.length;
      await retag(stage.people.alice, "dev", commit);
      return await untilNext("refs/tags/deploy/dev/current", asked);
    },
  };
}

const failedCheck = z.object({ conclusion: z.literal("failure"), output: z.object({ title: z.string() }) });

/** The title of a check run that has failed since GitHub had answered so many requests. */
function failureSince({ github }: Stage, asked: number): string | undefined {
  const bodies = github.requests.slice(asked).map(({ body }) => failedCheck.safeParse(body));
  return bodies.find(({ success }) => success)?.data?.output.title;
}

/** The journal of `dev` points at its record: everything about that was said. Starts no process. */
async function untilSettled(bareDirectory: string, record: number): Promise<void> {
  const read = (name: string) => readFile(path.join(bareDirectory, "refs/tags/deploy/dev", name), "utf8");
  await until(`dev to settle at ${record}`, async () => {
    return (await read("attempt")) === (await read(String(record)));
  });
}
