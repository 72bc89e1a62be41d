import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Core, CoreResult, CoreTools } from "../../core.ts";
import { writeRegistry } from "../../registry/write.ts";
import { type TerraformRun, terraformIn } from "../../terraform/run.ts";
import { apply } from "./apply.ts";
import type { CoreConfig } from "./config.ts";
import { destroy } from "./destroy.ts";
import { coreStateFile } from "./home.ts";
import { plan } from "./plan.ts";
import { synthesize } from "./synth.ts";
import { verify } from "./verify.ts";

/** The core stack on this machine: private directories, and a registry that names them. */
export function localCore(config: CoreConfig, tools: CoreTools): Core {
  const inStack = <Result>(use: (run: TerraformRun) => Promise<Result>) => withStack(config, tools, use);
  const record = async (run: TerraformRun) => {
    const { output } = await run(["output", "-no-color", "-json", "registry"]);
    await writeRegistry(output, config.registry);
  };
  return {
    registry: config.registry,
    identityIn: () => undefined,
    plan: () => inStack((run) => plan(config, run)),
    apply: () => inStack((run) => applyApproved(config, tools, run, record)),
    writeRegistry: () => inStack(record),
    verify: () => verify(config),
    destroy: () => destroy(config, tools),
  };
}

async function applyApproved(
  config: CoreConfig,
  { approve }: CoreTools,
  run: TerraformRun,
  record: (run: TerraformRun) => Promise<void>,
): Promise<CoreResult> {
  const changes = await plan(config, run);
  if (changes !== undefined && !(await approve(changes))) return "declined";
  if (changes !== undefined) await apply(config, run);
  await record(run);
  return changes === undefined ? "unchanged" : "done";
}

/** Synthesizes the stack into a directory of its own for as long as it is used. */
async function withStack<Result>(
  config: CoreConfig,
  { terraform, signal, report }: CoreTools,
  use: (run: TerraformRun) => Promise<Result>,
): Promise<Result> {
  await mkdir(dirname(coreStateFile(config.home)), { recursive: true, mode: 0o700 });
  const outdir = await mkdtemp(join(tmpdir(), "waymark-core-"));
  try {
    synthesize(config, outdir);
    const run = terraformIn({
      command: terraform,
      directory: join(outdir, "stacks", "core"),
      signal,
      report,
    });
    await run(["init", "-no-color", "-input=false"]);
    return await use(run);
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}
