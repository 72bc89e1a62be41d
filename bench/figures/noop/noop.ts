import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Bench, BenchContext, Figure } from "../../harness/figure.ts";
import { interleave, type Samples } from "../../harness/interleave.ts";
import { median, ratios } from "../../harness/statistics.ts";
import { countTraffic } from "../../harness/traffic.ts";
import { type Installation, openInstallation } from "../../stage/installation.ts";
import { listenForSilence } from "../../stage/quiet.ts";
import { openWaker } from "../../stage/wake.ts";
import { pretendDeployments } from "./history.ts";

/** Deployments that a repository has behind it; the first is what the others are compared with. */
const histories = [10, 1000, 10_000] as const;

/** A look is so short that many can be had for one sample of what others measure. */
const looksPerSample = 4;

/** What a look at an environment in sync costs, and whether that grows with the history of the repository. */
export const noop: Bench = {
  name: "noop",
  run: async (context) => {
    const installation = await open(context);
    const traffic = countTraffic();
    context.atEnd(async () => traffic.stop());
    const waker = await openWaker(await installation.redisUrl());
    context.atEnd(waker.close);
    const bytes = new Map<string, number[]>(histories.map((history) => [String(history), []]));
    const sides = histories.map((history, index) => {
      const { id: repositoryId, installationId } = installation.repositories[index] ?? {
        id: 0,
        installationId: 0,
      };
      const target = { repositoryId, installationId, environment: "dev" };
      const measure = async (): Promise<number> => {
        const before = traffic.sent();
        const milliseconds = await waker.look(target);
        bytes.get(String(history))?.push(traffic.sent() - before);
        return milliseconds;
      };
      return { name: String(history), measure };
    });
    // The first look reads what later ones remember.
    for (const { measure } of sides) await measure();
    for (const list of bytes.values()) list.length = 0;
    const rounds = context.samples * looksPerSample;
    const tell = (line: string) => context.say(`${line} ms`);
    const milliseconds = await interleave({ rounds, prepare: async () => undefined, sides, tell });
    return [
      { ...growth("noop.growth", milliseconds), bar: 1.5 },
      { ...growth("noop.bytes", (name) => bytes.get(name) ?? []), bar: 1.5 },
      {
        name: "noop.milliseconds",
        value: median(milliseconds("10000")),
        unit: "ms",
        better: "lower",
        samples: milliseconds("10000"),
      },
    ];
  },
};

/** Of the longer histories the one that costs most, as a multiple of the shortest. */
function growth(name: string, samples: Samples<string>): Figure {
  const [shortest, ...longer] = histories.map((history) => samples(String(history)));
  const growths = longer.map((one) => ratios(one, shortest ?? []));
  const worst = growths.toSorted((a, b) => median(b) - median(a))[0] ?? [];
  return { name, value: median(worst), unit: "", better: "lower", samples: worst };
}

async function open(context: BenchContext): Promise<Installation> {
  const from = path.join(context.directory, "seed");
  await mkdir(from);
  await writeFile(path.join(from, "cdktf.json"), "{}\n");
  const installation = await openInstallation(context, {
    repositories: histories.map((history) => `acme/after-${history}`),
    from,
    environments: [{ name: "dev", branch: "dev", after: null }],
  });
  for (const [index, history] of histories.entries()) {
    const repository = installation.repositories[index];
    if (repository) await pretendDeployments(installation, repository, history);
  }
  await installation.startWaymark();
  const silence = listenForSilence(installation.github, await installation.redisUrl());
  context.atEnd(silence.close);
  await silence.untilQuiet();
  return installation;
}
