import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { findTerraform } from "../adapters/terraform/find.ts";
import { toFailure } from "../promotion/failure.ts";
import type { Core, CoreResult } from "./core.ts";
import { tellLogs } from "./logs.ts";
import { openCore } from "./open.ts";

interface Options {
  readonly config: string;
  readonly yes?: true;
}

/** Exit codes: 0 done, 1 failed or not proven, 2 not approved. */
const declined = 2;

const program = new Command("core")
  .description("The core stack: what an admin provisions once, so that Waymark can deploy")
  .configureHelp({ showGlobalOptions: true });

verb("plan", "show what an apply would change", async (core) => {
  console.log((await core.plan()) ?? "Nothing would be changed.");
  return 0;
});
verb("apply", "make what the configuration says, and write the registry", async (core) =>
  tell(await core.apply(), "applied", `; the registry is ${core.registry}`),
);
verb("verify", "prove that it does what it is for", async (core) => {
  const findings = await core.verify();
  for (const { ok, text } of findings) console.log(`${ok ? "ok    " : "FAILED"} ${text}`);
  return findings.every(({ ok }) => ok) ? 0 : 1;
});
verb("registry", "write the registry again, from what is applied", async (core) => {
  await core.writeRegistry();
  console.log(`The registry is ${core.registry}`);
  return 0;
});
verb("destroy", "take everything away again, once no environment holds resources", async (core) =>
  tell(await core.destroy(), "destroyed", ""),
);

program
  .command("logs")
  .description("list the newest attempts of an environment, or link the logs of one")
  .argument("<repository>", "owner/name")
  .argument("<environment>")
  .argument("[attempt]", "as the check run names it")
  .option("--config <file>", "the core configuration", "core.yml")
  .action(async (repository: string, environment: string, attempt: string | undefined, options: Options) => {
    const core = await openCore(options.config, await tools(options));
    const home = process.env.WAYMARK_HOME ?? ".waymark";
    for (const line of await tellLogs(core, { repository, environment, attempt }, home)) console.log(line);
  });

/** What a verb returns is the exit code. */
function verb(name: string, description: string, act: (core: Core) => Promise<number>): void {
  program
    .command(name)
    .description(description)
    .option("--config <file>", "the core configuration", "core.yml")
    .option("--yes", "change without asking")
    .action(async (options: Options) => {
      process.exitCode = await act(await openCore(options.config, await tools(options)));
    });
}

async function tools({ yes }: Options) {
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ending.abort());
  return {
    terraform: await findTerraform(process.env),
    approve: async (plan: string) => {
      console.log(plan);
      return yes === true || (await ask());
    },
    report: (line: string) => console.log(line),
    signal: ending.signal,
  };
}

async function ask(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question("Do this? Only yes is taken for an answer: ")) === "yes";
  } finally {
    terminal.close();
  }
}

function tell(result: CoreResult, done: string, where: string): number {
  if (result === "declined") {
    console.log("Nothing was changed: answer yes, or add --yes.");
    return declined;
  }
  console.log(`Core stack ${result === "done" ? done : result}${where}`);
  return 0;
}

try {
  await program.parseAsync();
} catch (error) {
  const { code, message, next } = toFailure(error);
  console.error(`${code}: ${message}\n${next}`);
  process.exitCode = 1;
}
