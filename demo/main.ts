import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { toFailure } from "../promotion/failure.ts";
import { provideAws } from "./aws/setup.ts";
import { createStage, type Stage } from "./stage/stage.ts";
import { tearDown } from "./stage/tear-down.ts";
import { type Comparison, compareWithBareScript } from "./tour/compare.ts";
import { type PlayedStep, play } from "./tour/play.ts";
import { steps as stepsHere } from "./tour/steps/index.ts";

const directory = path.resolve(".waymark", "demo");

const flag = { type: "boolean", default: false } as const;
const { values } = parseArgs({ options: { aws: flag, exit: flag } });
const steps = values.aws ? (await import("./tour/steps/on-aws.ts")).stepsOnAws : stepsHere;
const stopped = new Promise<void>((resolve) => {
  // For good: where nobody else listens, execa would end this process together with its children.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
});
process.exit(await main().catch(tellFailure));

/** Gives the exit code. Whatever happens, nothing is left running. */
async function main(): Promise<number> {
  if (values.aws) await provideAws();
  const stage = await createStage(path.join(directory, "stage"), { aws: values.aws });
  try {
    const ok = await Promise.race([tour(stage), stopped.then(() => false)]);
    if (!values.exit) await stayUp(stage);
    return ok || !values.exit ? 0 : 1;
  } finally {
    await tearDown(stage);
  }
}

function tellFailure(error: unknown): number {
  const { message, next } = toFailure(error);
  console.error(`demo: ${message}\n${next}`);
  return 1;
}

/** True when every step held. How fast it was is told beside: it decides nothing. */
async function tour(stage: Stage): Promise<boolean> {
  const { steps: played, memory } = await play(stage, steps, say);
  const passed = played.length === steps.length && played.every((step) => step.ok);
  await writeReport(played, urls(stage), undefined);
  if (!passed) {
    say(`\nThe tour failed; its logs are in ${path.join(stage.directory, "logs")}.`);
    return false;
  }
  const speed = await compareWithBareScript(stage, memory);
  await writeReport(played, urls(stage), speed);
  say(`${speedLine(speed)}\n\nEvery step held.`);
  return true;
}

async function stayUp(stage: Stage): Promise<void> {
  say("\nOpen:");
  for (const [name, url] of Object.entries(urls(stage))) say(`  ${name.padEnd(8)} ${url}`);
  say("Ctrl-C ends everything.");
  await stopped;
}

function urls({ github, webUrl, ports }: Stage): Record<string, string> {
  const services = Object.entries(ports).map(([name, port]) => [name, `http://127.0.0.1:${port}/`]);
  return { github: `${github.url}/acme/shop`, waymark: webUrl, ...Object.fromEntries(services) };
}

function speedLine({ mergeToTag, bareScript, ratio }: Comparison): string {
  const [ours, bare] = [mergeToTag.toFixed(1), bareScript.toFixed(1)];
  const script = values.aws ? "a bare script with its states on this machine" : "a bare script";
  return `\nFrom merge to tag: ${ours} s; ${script}: ${bare} s; ratio ${ratio.toFixed(2)} (medians).`;
}

async function writeReport(
  played: readonly PlayedStep[],
  addresses: Record<string, string>,
  speed: Comparison | undefined,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(
    path.join(directory, "report.json"),
    `${JSON.stringify({ steps: played, urls: addresses, speed }, null, 2)}\n`,
  );
}

function say(line: string): void {
  console.log(line);
}
