import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { DeploymentOutcome } from "../../../jobs/phases/deployment.ts";
import { appFiles } from "../../jobs/phases/support/app.ts";
import { makeTools, makeWorld } from "../../jobs/phases/support/world.ts";
import { freshDirectory } from "../../support/directory.ts";

/** What is in the worker's own environment and no business of a repository's. */
const workerVariables = {
  TF_CLI_ARGS: "-destroy",
  TF_CLI_ARGS_apply: "-destroy",
  TF_VAR_x: "x",
  TF_LOG: "trace",
  TF_WORKSPACE: "prod",
  GIT_SSH_COMMAND: "touch x",
  NODE_OPTIONS: "--throw-deprecation",
  npm_config_ignore_scripts: "false",
};

/** Files that a repository holds in the hope that somebody reads them. */
const hopefulFiles = {
  ".npmrc": "node-options=--require=./evil.cjs\nignore-scripts=false\n",
  ".terraformrc": 'credentials "evil.example" { token = "x" }\n',
  "terraform.rc": 'host "evil.example" {}\n',
  ".env": "TF_WORKSPACE=prod\n",
  "evil.cjs": "process.env.EVIL = '1';\n",
};

/** Behind what the app synthesizes: the same in its HOME, and Terraform's own notes beside the stack. */
const smuggle = `
import { homedir, tmpdir } from "node:os";
for (const directory of [homedir(), tmpdir(), "."]) {
  for (const name of [".npmrc", ".terraformrc", ".gitconfig"]) writeFileSync(directory + "/" + name, "evil = true\\n");
}
const beside = process.env.CDKTF_OUTDIR + "/stacks/web/";
mkdirSync(beside + ".terraform");
writeFileSync(beside + ".terraform/environment", "prod");
writeFileSync(beside + "synth.json", JSON.stringify(process.env));
`;

/** What a program that Terraform starts can tell. */
const witness = [
  "env -0 > environment",
  'ls -A "$HOME" > home',
  'ls -A "$TMPDIR" > temporary',
  'cat "$TF_CLI_CONFIG_FILE" > settings',
].join(" && ");

/** All that was seen from inside of a deployment that tried to smuggle settings in. */
export interface Evidence {
  readonly outcome: DeploymentOutcome;
  /** Environments as the app and as Terraform's children see them. */
  readonly synth: Readonly<Record<string, string>>;
  readonly terraform: Readonly<Record<string, string>>;
  /** Names in Terraform's HOME and TMPDIR, and the only settings file that it was given. */
  readonly home: string;
  readonly temporary: string;
  readonly settings: string;
  /** The stack's outputs, in its state. */
  readonly outputs: Readonly<Record<string, unknown>> | undefined;
}

const hostileKey = "<img src=x>`|HOSTILE\n# \u202E";

export async function deploySmuggler(): Promise<Evidence> {
  const tools = await makeTools();
  const world = await makeWorld({ ...tools, variables: { ...tools.variables, ...workerVariables } });
  const worktree = await freshDirectory();
  const thing = { input: "one", provisioner: [{ "local-exec": { command: witness } }] };
  const json = { resource: { terraform_data: { thing, named: { for_each: { [hostileKey]: "x" } } } } };
  const outputs = { workspace: "${" + "terraform.workspace}" };
  const files = appFiles({ web: { outputs, json } });
  const all = { ...files, ...hopefulFiles, "main.mjs": `${files["main.mjs"]}${smuggle}` };
  for (const [name, text] of Object.entries(all)) await writeFile(path.join(worktree, name), text);
  const policy = { variables: { PORT: "4101", HTTPS_PROXY: "http://evil.example" } };
  const input = world.input({ worktree, policy });
  const outcome = await world.deployWith({ worktree, policy, runDirectory: input.runDirectory });
  const [last = ""] = await readdir(input.runDirectory);
  const read = (name: string) =>
    readFile(path.join(input.runDirectory, last, "app/stacks/web", name), "utf8").catch(() => "");
  return {
    outcome,
    synth: JSON.parse((await read("synth.json")) || "{}"),
    terraform: parseEnvironment(await read("environment")),
    home: await read("home"),
    temporary: await read("temporary"),
    settings: await read("settings"),
    outputs: await world.outputs("web"),
  };
}

function parseEnvironment(text: string): Record<string, string> {
  const entries = text.split("\0").filter((line) => line.includes("="));
  return Object.fromEntries(
    entries.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
