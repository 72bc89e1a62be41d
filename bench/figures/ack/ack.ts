import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Bench, BenchContext, Figure } from "../../harness/figure.ts";
import { interleave } from "../../harness/interleave.ts";
import { type LoadResult, type PreparedRequest, postAll } from "../../harness/load.ts";
import { median, quantile, ratios } from "../../harness/statistics.ts";
import { type Installation, openInstallation } from "../../stage/installation.ts";
import { recordDeliveries } from "./deliveries.ts";

const connections = 32;
const repositories = 20;
/** Deliveries that each side answers in one round. */
const perRound = 2000;

/**
 * How fast signed webhooks are answered, against the least that does the same: check the signature, note the event, wake
 * its environment. No worker runs, so that only hearing is measured.
 */
export const ack: Bench = {
  name: "ack",
  run: async (context) => {
    const installation = await open(context);
    const makeDeliveries = await recordDeliveries(installation);
    const bareUrl = await startBareServer(installation, context);
    const results = { waymark: [] as LoadResult[], bare: [] as LoadResult[] };
    const measure =
      (side: "waymark" | "bare", url: string) => async (requests: readonly PreparedRequest[]) => {
        const result = await postAll(url, requests, connections);
        results[side].push(result);
        return result.rate;
      };
    const sides = [
      {
        name: "waymark",
        measure: measure("waymark", `${installation.registration.webUrl}/api/github/webhooks`),
      },
      { name: "bare", measure: measure("bare", bareUrl) },
    ] as const;
    // Both compile their hot paths first.
    for (const { measure: warmUp } of sides) await warmUp(makeDeliveries(perRound));
    results.waymark.length = results.bare.length = 0;
    await interleave({
      rounds: context.samples,
      prepare: async () => makeDeliveries(perRound),
      sides,
      tell: (line) => context.say(`${line} a second`),
    });
    return figures(results.waymark, results.bare);
  },
};

function figures(waymark: readonly LoadResult[], bare: readonly LoadResult[]): readonly Figure[] {
  const rates = ratios(
    waymark.map(({ rate }) => rate),
    bare.map(({ rate }) => rate),
  );
  const p99 = (results: readonly LoadResult[]) => results.map(({ latencies }) => quantile(latencies, 0.99));
  const p50 = waymark.map(({ latencies }) => quantile(latencies, 0.5));
  const perSecond = waymark.map(({ rate }) => rate);
  const milliseconds = { unit: "ms", better: "lower" } as const;
  return [
    { name: "ack.ratio", value: median(rates), unit: "", better: "higher", bar: 0.6, samples: rates },
    {
      name: "ack.p99",
      ...milliseconds,
      value: median(p99(waymark)),
      bar: 3 * median(p99(bare)),
      aim: 100,
      samples: p99(waymark),
    },
    { name: "ack.p50", ...milliseconds, value: median(p50), samples: p50 },
    { name: "ack.rate", value: median(perSecond), unit: "/s", better: "higher", samples: perSecond },
  ];
}

async function open(context: BenchContext): Promise<Installation> {
  const from = path.join(context.directory, "seed");
  await mkdir(from);
  await writeFile(path.join(from, "README.md"), "# A repository\n");
  const names = Array.from({ length: repositories }, (_, index) => `acme/shop-${index + 1}`);
  const installation = await openInstallation(context, {
    repositories: names,
    from,
    environments: [{ name: "dev", branch: "dev", after: null }],
  });
  await installation.startWaymark(0);
  return installation;
}

/** Gives the server's address. */
async function startBareServer(installation: Installation, { atEnd }: BenchContext): Promise<string> {
  const file = path.join(import.meta.dirname, "bare-server.ts");
  const { webhookSecret } = installation.registration;
  const env = {
    PATH: process.env.PATH,
    REDIS_URL: await installation.redisUrl(),
    WEBHOOK_SECRET: webhookSecret,
  };
  const child: ChildProcess = fork(file, [], { execArgv: ["--import", "tsx"], env });
  const exited = once(child, "exit");
  atEnd(async () => {
    child.kill();
    await exited;
  });
  const [url] = await once(child, "message");
  return z.string().parse(url);
}
