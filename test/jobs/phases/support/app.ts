import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freshDirectory } from "../../../support/directory.ts";

/** A stack as a test describes it: one `terraform_data` resource, and what hangs on it. */
export interface StackSpec {
  readonly dependencies?: readonly string[];
  readonly input?: string;
  /** Run when the resource is made; a change replaces it. */
  readonly command?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Merged over the rest, key by key. */
  readonly json?: Readonly<Record<string, unknown>>;
}

export type AppSpec = Readonly<Record<string, StackSpec>>;

/** A checkout whose app synthesizes these stacks in the shape that CDKTF gives them, without having to install it. */
export async function writeCheckout(stacks: AppSpec): Promise<string> {
  const checkout = await freshDirectory();
  for (const [name, content] of Object.entries(appFiles(stacks)))
    await writeFile(join(checkout, name), content);
  return checkout;
}

/** The files of such an app, by name. */
export function appFiles(stacks: AppSpec): Readonly<Record<string, string>> {
  const files = [
    ["manifest.json", manifest(stacks)],
    ...Object.entries(stacks).map(([name, spec]) => [stackPath(name), stack(name, spec)]),
  ];
  return {
    "cdktf.json": JSON.stringify({ app: "node main.mjs", language: "javascript" }),
    "files.json": JSON.stringify(files),
    "main.mjs": program,
  };
}

const program = `
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
for (const [path, content] of JSON.parse(readFileSync("files.json", "utf8"))) {
  const file = process.env.CDKTF_OUTDIR + "/" + path;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}
`;

const stackPath = (name: string): string => `stacks/${name}/cdk.tf.json`;

function manifest(stacks: AppSpec) {
  const entries = Object.entries(stacks).map(([name, { dependencies = [] }]) => {
    const workingDirectory = `stacks/${name}`;
    return [
      name,
      {
        name,
        constructPath: name,
        workingDirectory,
        synthesizedStackPath: stackPath(name),
        dependencies,
        annotations: [],
      },
    ];
  });
  return { version: "0.24.0", stacks: Object.fromEntries(entries) };
}

function stack(name: string, { dependencies = [], input = "one", command, outputs = {}, json }: StackSpec) {
  const provisioner = command === undefined ? {} : { provisioner: [{ "local-exec": { command } }] };
  const thing = { input, triggers_replace: command ?? null, ...provisioner };
  const output = Object.entries({ value: `\${terraform_data.thing.output}`, ...outputs });
  const remotes = dependencies.map((other) => [
    `cross-stack-reference-input-${other}`,
    { backend: "local", config: { path: `${other}.tfstate` } },
  ]);
  return {
    terraform: { backend: { local: { path: `${name}.tfstate` } } },
    ...(remotes.length > 0 && { data: { terraform_remote_state: Object.fromEntries(remotes) } }),
    resource: { terraform_data: { thing } },
    output: Object.fromEntries(output.map(([key, value]) => [key, isBlock(value) ? value : { value }])),
    ...json,
  };
}

const isBlock = (value: unknown): boolean => typeof value === "object" && value !== null && "value" in value;

/** A directory that exists and is private. */
export async function privateDirectory(...parts: readonly [string, ...string[]]): Promise<string> {
  const path = join(...parts);
  await mkdir(path, { recursive: true, mode: 0o700 });
  return path;
}
