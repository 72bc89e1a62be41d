import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { createStage, type Stage } from "./stage/stage.ts";
import { tearDown } from "./stage/tear-down.ts";
import { type Comparison, compareWithBareScript } from "./tour/compare.ts";
import { type PlayedStep, play } from "./tour/play.ts";
import { steps } from "./tour/steps/index.ts";

const directory = path.resolve(".waymark", "demo");

const { values } = parseArgs({ options: { exit: { type: "boolean", default: false } } });
const stage = await createStage(path.join(directory, "stage"));
const stopped = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
});
const ok = await Promise.race([tour(stage), stopped.then(() => false)]);
if (!values.exit) await stayUp(stage);
await tearDown(stage);
process.exit(ok || !values.exit ? 0 : 1);

async function tour(on: Stage): Promise<boolean> {
  const { steps: played, memory } = await play(on, steps, say);
  const passed = played.length === steps.length && played.every((step) => step.ok);
  const speed = passed ? await compareWithBareScript(on, memory) : undefined;
  await writeReport(played, urls(on), speed);
  if (speed) say(speedLine(speed));
  say(
    passed ? "\nEvery step held." : `\nThe tour failed; its logs are in ${path.join(on.directory, "logs")}.`,
  );
  return passed;
}

async function stayUp(on: Stage): Promise<void> {
  say("\nOpen:");
  for (const [name, url] of Object.entries(urls(on))) say(`  ${name.padEnd(8)} ${url}`);
  say("Ctrl-C ends everything.");
  await stopped;
}

function urls({ github, webUrl, ports }: Stage): Record<string, string> {
  const services = Object.entries(ports).map(([name, port]) => [name, `http://127.0.0.1:${port}/`]);
  return { github: `${github.url}/acme/shop`, waymark: webUrl, ...Object.fromEntries(services) };
}

function speedLine({ mergeToTag, bareScript, ratio }: Comparison): string {
  const [ours, bare] = [mergeToTag.toFixed(1), bareScript.toFixed(1)];
  return `\nFrom merge to tag: ${ours} s; a bare script: ${bare} s; ratio ${ratio.toFixed(2)} (medians).`;
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
