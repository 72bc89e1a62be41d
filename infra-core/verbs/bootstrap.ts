import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CoreConfig } from "../config.ts";
import { coreStateFile, registryFile } from "../home.ts";
import { terraformIn } from "../terraform/run.ts";
import { apply } from "./apply.ts";
import { plan } from "./plan.ts";
import { writeRegistry } from "./registry.ts";
import { synthesize } from "./synth.ts";

export interface BootstrapOptions {
  readonly config: CoreConfig;
  /** The Terraform or OpenTofu program. */
  readonly terraform: string;
  /** Shown the plan if there is one; only true lets it be applied. */
  readonly approve: (plan: string) => boolean;
}

/** `declined`: a plan was not approved, and nothing was changed. */
export type BootstrapResult = "applied" | "unchanged" | "declined";

/**
 * Synthesizes and applies the core stack, then writes the registry. Killed at any time, running it again completes it.
 * @throws WaymarkError with a code of `apply` or of the registry
 */
export async function bootstrap({ config, terraform, approve }: BootstrapOptions): Promise<BootstrapResult> {
  await mkdir(dirname(coreStateFile(config.home)), { recursive: true, mode: 0o700 });
  const outdir = await mkdtemp(join(tmpdir(), "waymark-core-"));
  try {
    synthesize(config, outdir);
    const run = terraformIn({ command: terraform, directory: join(outdir, "stacks", "core") });
    await run(["init", "-no-color", "-input=false"]);
    const changes = await plan(config, run);
    if (changes !== undefined && !approve(changes)) return "declined";
    if (changes !== undefined) await apply(config, run);
    await writeRegistry(run, registryFile(config.home));
    return changes === undefined ? "unchanged" : "applied";
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}
