import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { createLogger } from "../../../../adapters/log/logger.ts";
import { createRedactor } from "../../../../adapters/redact/redact.ts";
import { detectSandbox } from "../../../../adapters/sandbox/detect.ts";
import { detectTerraform } from "../../../../adapters/terraform/binary.ts";
import { findTerraform } from "../../../../adapters/terraform/find.ts";
import { deploy } from "../../../../jobs/phases/deploy.ts";
import type {
  DeploymentInput,
  DeploymentIo,
  DeploymentOutcome,
  DeploymentProgress,
  DeploymentTools,
} from "../../../../jobs/phases/deployment.ts";
import { runDirectory } from "../../../../jobs/phases/run-directory.ts";
import { defaultPolicy, type EnvironmentPolicy } from "../../../../promotion/policy.ts";
import { freshDirectory } from "../../../support/directory.ts";
import { type AppSpec, privateDirectory, writeCheckout } from "./app.ts";

export const secret = "hunter2-hunter2";
const silent = { write: () => undefined };

/** The real tools of this machine, with a WAYMARK_HOME of their own. */
export async function makeTools(): Promise<DeploymentTools> {
  const home = await freshDirectory();
  const found = await findTerraform(process.env);
  const terraform = await detectTerraform(found, process.env, { home, temporary: tmpdir() });
  const sandbox = await detectSandbox(process.platform === "linux" ? "required" : "off");
  const variables = { ...process.env, WEBHOOK_SECRET: secret };
  return { terraform, sandbox, home, variables, backoff: 10, redact: createRedactor([secret]) };
}

/** What a test wants to be different from an ordinary promotion to dev. */
export interface Wish extends Partial<Omit<DeploymentInput, "policy">> {
  readonly policy?: Partial<EnvironmentPolicy>;
  readonly io?: Partial<DeploymentIo>;
}

/** One environment of one repository. */
export interface World {
  readonly tools: DeploymentTools;
  /** The directory in which the environment's state is. */
  readonly state: string;
  /** Everything that was told, and `fence` in between. */
  readonly told: string[];
  input(wish: Wish): DeploymentInput;
  deploy(app: AppSpec, wish?: Wish): Promise<DeploymentOutcome>;
  deployWith(wish: Wish): Promise<DeploymentOutcome>;
  /** The outputs in the state of a stack; undefined: it has no state. */
  outputs(stack: string): Promise<Record<string, unknown> | undefined>;
}

const nextAttempt = () => randomBytes(20).toString("hex");

export async function makeWorld(tools: DeploymentTools): Promise<World> {
  const root = await freshDirectory();
  const directory = await privateDirectory(root, "state");
  const state = await privateDirectory(directory, "7");
  const told: string[] = [];
  const world: World = {
    tools,
    state,
    told,
    input: (wish) => makeInput(wish, root, tools),
    deploy: async (app, wish = {}) => await world.deployWith({ worktree: await writeCheckout(app), ...wish }),
    deployWith: async (wish) => await deploy(world.input(wish), { ...makeIo(told), ...wish.io }, tools),
    outputs: async (stack) => await readOutputs(join(state, `${stack}.tfstate`)),
  };
  return world;
}

function makeInput(
  { io: _, policy, ...wish }: Wish,
  root: string,
  { home }: DeploymentTools,
): DeploymentInput {
  const attemptId = wish.attemptId ?? nextAttempt();
  const place = (name: string) => ({ type: "local", directory: join(root, name) }) as const;
  return {
    attemptId,
    number: 7,
    repository: { id: 7, owner: "acme", name: "shop" },
    environment: "dev",
    commit: "c".repeat(40),
    worktree: undefined,
    tree: undefined,
    bundle: undefined,
    binding: { backend: place("state"), artifacts: place("artifacts") },
    store: place("artifacts"),
    foreignPlaces: [],
    mode: "complete",
    force: false,
    approved: new Set(),
    scope: undefined,
    asked: undefined,
    supersedes: false,
    runDirectory: runDirectory(home, 7, "dev", attemptId),
    ...wish,
    policy: { ...defaultPolicy, ...policy },
  };
}

function makeIo(told: string[]): DeploymentIo {
  return {
    begun: async () => undefined,
    fence: async () => void told.push("fence"),
    progress: (event) => void told.push(spell(event)),
    took: () => undefined,
    checkout: async () => undefined,
    remark: () => undefined,
    signal: new AbortController().signal,
    log: createLogger({ level: "info", redact: (text) => text, destination: silent }),
  };
}

const spell = ({ phase, stack, done, total }: DeploymentProgress): string =>
  [phase, stack, total === undefined ? undefined : `${done}/${total}`]
    .filter((part) => part !== undefined)
    .join(" ");

const stateSchema = z.object({ outputs: z.record(z.string(), z.object({ value: z.unknown() })) });

async function readOutputs(file: string): Promise<Record<string, unknown> | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const { outputs } = stateSchema.parse(JSON.parse(text));
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}
