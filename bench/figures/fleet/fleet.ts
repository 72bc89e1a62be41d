import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Bench, BenchContext, Figure } from "../../harness/figure.ts";
import { interleave } from "../../harness/interleave.ts";
import { residentMemory, watchMemory } from "../../harness/memory.ts";
import { median, ratios } from "../../harness/statistics.ts";
import { writeApp } from "../../stage/bench-app.ts";
import { type Installation, openInstallation } from "../../stage/installation.ts";
import { listenForSilence } from "../../stage/quiet.ts";
import { changeAll, type Deployed, readFiles, untilDeployed } from "./change.ts";
import { type FleetEnvironment, fleetEnvironments, fleetRepositories } from "./environments.ts";
import { watchWrites } from "./writes.ts";

/** On fewer one worker's runs of synth and Terraform, beside GitHub and Redis, already take all that there is. */
const coresForTwo = 4;

/** What was seen beside the throughput, a number for each round. */
interface Seen {
  readonly rss: number[];
  readonly idle: number[];
  readonly writes: number[];
  readonly fairness: number[];
}

/**
 * Environments of many repositories changed at once, by one worker and by two: all of them in the first round, which is
 * the hardest on memory and fairness, one of each repository in the others, which only compare throughput.
 */
export const fleet: Bench = {
  name: "fleet",
  run: async (context) => {
    const installation = await open(context);
    const seen: Seen = { rss: [], idle: [], writes: [], fairness: [] };
    const round = await firstDeployments(context, installation);
    const samples = await interleave({
      rounds: context.samples,
      prepare: async (index) => (index === 0 ? fleetEnvironments : fleetEnvironments.slice(0, 1)),
      sides: [
        { name: "one worker", measure: (environments) => round(1, environments, seen) },
        { name: "two workers", measure: (environments) => round(2, environments, seen) },
      ],
      tell: (line) => context.say(`${line} deployments a minute`),
    });
    const speedup = ratios(samples("two workers"), samples("one worker"));
    return [
      {
        name: "fleet.speedup",
        value: median(speedup),
        unit: "",
        better: "higher",
        samples: speedup,
        ...(availableParallelism() >= coresForTwo && { bar: 1.5 }),
      },
      figure("fleet.rss", "MB", seen.rss, 300),
      figure("fleet.idle", "MB", seen.idle, 250),
      figure("fleet.writes", "/min", seen.writes, 60),
      figure("fleet.fairness", "", seen.fairness),
    ];
  },
};

function figure(name: string, unit: string, samples: readonly number[], bar?: number): Figure {
  return { name, value: median(samples), unit, better: "lower", samples, ...(bar !== undefined && { bar }) };
}

async function open(context: BenchContext): Promise<Installation> {
  const from = path.join(context.directory, "seed");
  await mkdir(from);
  await writeApp(from, { stacks: { only: {} } }, "value 0");
  return await openInstallation(context, {
    repositories: fleetRepositories,
    from,
    environments: fleetEnvironments,
  });
}

/** A worker's first sweep deploys what the repositories begin with. Gives what measures a round from then on. */
async function firstDeployments({ directory, say }: BenchContext, installation: Installation) {
  let records = 1;
  await installation.startWaymark(2);
  let running = 2;
  const first = installation.repositories.flatMap((repository) =>
    fleetEnvironments.map(({ name, branch }) => untilDeployed(repository, name, branch, records)),
  );
  say(`${(await Promise.all(first)).length} environments are deployed for the first time`);
  /** Gives the deployments a minute. */
  return async (workers: number, environments: readonly FleetEnvironment[], seen: Seen): Promise<number> => {
    await untilSilent(installation);
    if (running !== workers) await restart(installation, workers);
    const isFresh = running !== workers;
    running = workers;
    const pids = installation.processes().map(({ pid }) => pid);
    if (workers === 1 && isFresh) seen.idle.push(await memoryAtRest(pids));
    records += 1;
    const next = path.join(directory, "next");
    await writeApp(next, { stacks: { only: {} } }, `value ${records}`);
    const [memory, writes] = [watchMemory(pids), watchWrites(installation.github)];
    const deployed = await changeAll(installation, environments, await readFiles(next), records);
    seen.rss.push(memory.stop());
    seen.writes.push(writes.stop());
    seen.fairness.push(unfairness(deployed));
    return throughput(deployed);
  };
}

/** Milliseconds after which Node has given back what it took only to start. */
const rest = 10_000;

async function memoryAtRest(pids: readonly number[]): Promise<number> {
  await setTimeout(rest);
  return sum([...(await residentMemory(pids)).values()]);
}

/** What a start looks at is looked at before anything is measured. */
async function restart(installation: Installation, workers: number): Promise<void> {
  await installation.close();
  await installation.startWaymark(workers);
  await untilSilent(installation);
}

/** What the round before left to say is said before the next. */
async function untilSilent(installation: Installation): Promise<void> {
  const silence = listenForSilence(installation.github, await installation.redisUrl());
  await silence.untilQuiet();
  await silence.close();
}

/** Deployments a minute, from the first change to the last record. */
function throughput(deployed: readonly Deployed[]): number {
  const began = Math.min(...deployed.map(({ changed }) => changed));
  const ended = Math.max(...deployed.map(({ recorded }) => recorded));
  return (deployed.length / (ended - began)) * 60_000;
}

/** How much longer the slowest installation waited than the fastest, on average over its environments. */
function unfairness(deployed: readonly Deployed[]): number {
  const ids = [...new Set(deployed.map(({ installationId }) => installationId))];
  const waits = ids.map((id) => {
    const own = deployed.filter(({ installationId }) => installationId === id);
    return sum(own.map(({ changed, recorded }) => recorded - changed)) / own.length;
  });
  return Math.max(...waits) / Math.min(...waits);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
