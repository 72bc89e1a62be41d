import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { DeploymentOutcome } from "../../../jobs/phases/deployment.ts";
import { messages } from "../../promotion/messages/index.ts";
import { makeTools, makeWorld, type World } from "./support/world.ts";

let world: World;
let outcome: DeploymentOutcome;

const passing = messages.transient;
const lasting = [messages.code, messages.configuration, messages.quota, messages.unknown].flatMap((all) =>
  all.slice(0, 2),
);

/** Fails the first time with a message that only its output shows, and notes each run where Waymark has no say. */
function failingOnce(name: string, text: string): string {
  const log = join(world.state, `${name}.log`);
  const said = Buffer.from(text).toString("base64");
  return `echo run >>${log}; [ $(wc -l <${log}) -gt 1 ] || { echo ${said} | base64 -d >&2; exit 1; }`;
}

const stacksOf = (kind: string, all: readonly { readonly text: string }[]) =>
  all.map(
    ({ text }, index) => [`${kind}${index}`, { command: failingOnce(`${kind}${index}`, text) }] as const,
  );

beforeAll(async () => {
  world = await makeWorld(await makeTools());
  const app = Object.fromEntries([...stacksOf("passing", passing), ...stacksOf("lasting", lasting)]);
  outcome = await world.deploy(app);
}, 120_000);

const runs = async (stack: string) =>
  (await readFile(join(world.state, `${stack}.log`), "utf8")).split("\n").length - 1;
const resultOf = (stack: string) => outcome.stacks.find((report) => report.stack === stack)?.result;

test.each(passing.map(({ from, text }, index) => [`passing${index}`, from, text]))(
  "%s recovers unaided, in two runs: %s: %s",
  async (stack) => {
    expect([resultOf(stack), await runs(stack)]).toEqual(["applied", 2]);
  },
);

test.each(lasting.map(({ from, text }, index) => [`lasting${index}`, from, text]))(
  "%s fails in one run: %s: %s",
  async (stack) => {
    expect([resultOf(stack), await runs(stack)]).toEqual(["failed", 1]);
  },
);
