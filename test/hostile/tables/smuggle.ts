import { table } from "../support/hostile-case.ts";
import type { Evidence } from "../support/smuggler.ts";

/** A setting that was smuggled in, and what it would have changed; every one must look as if nobody had tried. */
export interface Smuggled {
  readonly seen: (evidence: Evidence) => unknown;
  readonly honest: unknown;
}

const inTerraform = (...names: readonly string[]): Smuggled => ({
  seen: ({ terraform }) => names.filter((name) => name in terraform),
  honest: [],
});
const inSynth = (...names: readonly string[]): Smuggled => ({
  seen: ({ synth }) => names.filter((name) => name in synth),
  honest: [],
});

export const smuggleTable = table<Smuggled>("what Terraform and npm read, and where the state is", [
  ["TF_CLI_ARGS in the worker's environment", inTerraform("TF_CLI_ARGS", "TF_CLI_ARGS_apply"), "not passed"],
  [
    "TF_VAR_x, TF_LOG and TF_WORKSPACE there",
    inTerraform("TF_VAR_x", "TF_LOG", "TF_WORKSPACE"),
    "not passed",
  ],
  ["NODE_OPTIONS and GIT_SSH_COMMAND there", inTerraform("NODE_OPTIONS", "GIT_SSH_COMMAND"), "not passed"],
  ["the webhook's secret there", inTerraform("WEBHOOK_SECRET"), "not passed"],
  [
    "the same for the app",
    inSynth("WEBHOOK_SECRET", "GIT_SSH_COMMAND", "TF_LOG", "npm_config_ignore_scripts"),
    "not passed",
  ],
  [
    "NODE_OPTIONS for the app",
    { seen: ({ synth }) => synth.NODE_OPTIONS, honest: "--max-old-space-size=4096" },
    "Waymark's own",
  ],
  ["node-options in the repository's .npmrc", inSynth("EVIL"), "not read"],
  ["a proxy among the policy's variables", inTerraform("HTTPS_PROXY", "PORT"), "for synth only"],
  [
    ".terraformrc in the repository, in HOME and TMPDIR",
    { seen: ({ settings }) => settings, honest: "disable_checkpoint = true\n" },
    "not read",
  ],
  [
    "files that the app leaves in its HOME",
    { seen: ({ home }) => home, honest: "" },
    "Terraform's is another",
  ],
  [
    "files that the app leaves in TMPDIR",
    { seen: ({ temporary }) => temporary.includes("rc\n"), honest: false },
    "Terraform's is another",
  ],
  [
    "a workspace chosen in .terraform/environment",
    { seen: ({ outputs }) => outputs?.workspace, honest: "default" },
    "not read",
  ],
]);
