import { cpSync, existsSync, renameSync, rmSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { listTree } from "../../../adapters/artifacts/tree.ts";
import { detectSandbox } from "../../../adapters/sandbox/detect.ts";
import type { Sandbox } from "../../../adapters/sandbox/sandbox.ts";
import { readManifest } from "../../../adapters/synth/manifest.ts";
import { type SynthInput, synthesize } from "../../../adapters/synth/synthesize.ts";
import { freshDirectory } from "../../support/directory.ts";

const tinyApp = join(import.meta.dirname, "../../fixtures/tiny-app");
const linux = process.platform === "linux";
let cache: string;
let confined: Sandbox;
let unconfined: Sandbox;

beforeAll(async () => {
  cache = await freshDirectory();
  unconfined = await detectSandbox("off");
  confined = linux ? await detectSandbox("required") : unconfined;
});

let checkout: string;
let input: SynthInput;

beforeEach(async () => {
  const root = await freshDirectory();
  checkout = join(root, "checkout");
  const [output, scratch] = [join(root, "output"), join(root, "scratch")];
  await Promise.all([checkout, output, scratch].map((directory) => mkdir(directory)));
  input = { checkout, output, scratch, environment: "dev", variables: { PORT: "4101" } };
});

const run = (sandbox: Sandbox, variables: NodeJS.ProcessEnv = process.env) =>
  synthesize(input, { sandbox, cache, variables });

/** An app that is one script. Gives what it printed. */
async function runScript(
  script: string,
  sandbox = confined,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  await writeScript(script);
  return await run(sandbox, variables);
}

async function writeScript(script: string): Promise<void> {
  const config = { app: "node main.mjs", language: "javascript" };
  await writeFile(join(checkout, "cdktf.json"), JSON.stringify(config));
  await writeFile(join(checkout, "main.mjs"), script);
}

test("a real app is installed and synthesized, into the same bytes in another place", async () => {
  await cp(tinyApp, checkout, { recursive: true });
  await run(confined);
  const first = await contents();
  const manifest = await readManifest(input.output, await listTree(input.output));
  expect(manifest.stacks.map(({ name }) => name).sort()).toEqual(["base", "side", "top"]);
  const elsewhere = await freshDirectory();
  await cp(checkout, join(elsewhere, "checkout"), { recursive: true });
  await mkdir(join(elsewhere, "output"));
  input = { ...input, checkout: join(elsewhere, "checkout"), output: join(elsewhere, "output") };
  await run(confined);
  if (linux) expect(await contents()).toEqual(first);
});

async function contents(): Promise<Record<string, string>> {
  const files = await listTree(input.output);
  const read = files.map(
    async ({ path }) => [path, await readFile(join(input.output, path), "utf8")] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}

test("dependencies are installed once, also by many at once, and linked where there is no sandbox", async () => {
  await cp(tinyApp, checkout, { recursive: true });
  await run(unconfined);
  const installed = await readdir(join(cache, "dependencies"));
  expect(installed).toHaveLength(1);
  await run(unconfined);
  const fresh = await freshDirectory();
  const again = Array.from({ length: 2 }, async () => {
    const root = await freshDirectory();
    const [output, scratch] = [join(root, "output"), join(root, "scratch")];
    await Promise.all([output, scratch].map((directory) => mkdir(directory)));
    await cp(tinyApp, join(root, "checkout"), { recursive: true });
    const other = { ...input, checkout: join(root, "checkout"), output, scratch };
    await synthesize(other, { sandbox: confined, cache: fresh, variables: process.env });
  });
  await Promise.all(again);
  expect(await readdir(join(fresh, "dependencies"))).toEqual(installed);
});

test("dependencies are installed anew when that is asked for, into the place of the old ones", async () => {
  await cp(tinyApp, checkout, { recursive: true });
  await run(confined);
  const [digest = ""] = await readdir(join(cache, "dependencies"));
  const trace = join(cache, "dependencies", digest, "trace");
  await writeFile(trace, "");
  await run(confined);
  expect(existsSync(trace)).toBe(true);
  input = { ...input, fresh: true };
  await run(confined);
  expect(existsSync(trace)).toBe(false);
  expect(await readdir(join(cache, "dependencies"))).toEqual([digest]);
});

test("the cache may be deleted while npm or the app runs", async () => {
  await cp(tinyApp, checkout, { recursive: true });
  const doomed = await freshDirectory();
  const deleted: string[] = [];
  const deleting: Sandbox = {
    ...confined,
    wrap: (command) => {
      if (!deleted.includes(command.file)) {
        deleted.push(command.file);
        rmSync(doomed, { recursive: true });
      }
      return confined.wrap(command);
    },
  };
  await synthesize(input, { sandbox: deleting, cache: doomed, variables: process.env });
  expect(deleted).toEqual(["npm", "node"]);
  expect((await readManifest(input.output, await listTree(input.output))).stacks).toHaveLength(3);
});

test("dependencies that somebody replaces just when the app starts are found by it all the same", async () => {
  await cp(tinyApp, checkout, { recursive: true });
  await run(confined);
  const [digest = ""] = await readdir(join(cache, "dependencies"));
  const [entry, copy] = [join(cache, "dependencies", digest), join(cache, "copy")];
  let starts = 0;
  const replacing: Sandbox = {
    ...confined,
    wrap: (command) => {
      starts += 1;
      if (starts > 1) return confined.wrap(command);
      cpSync(entry, copy, { recursive: true, verbatimSymlinks: true });
      rmSync(entry, { recursive: true });
      renameSync(copy, entry);
      return confined.wrap({ ...command, file: "false", args: [] });
    },
  };
  await run(replacing);
  expect(starts).toBe(2);
});

test("a repository's .npmrc and install scripts are never honoured", async () => {
  await writeFile(join(checkout, ".npmrc"), "registry=http://127.0.0.1:1/\nscript-shell=./evil.sh\n");
  await writeFile(join(checkout, "evil.sh"), "#!/bin/sh\ntouch evil\n", { mode: 0o755 });
  await cp(tinyApp, checkout, { recursive: true });
  const manifest = JSON.parse(await readFile(join(checkout, "package.json"), "utf8"));
  const scripts = { preinstall: "touch evil", postinstall: "touch evil", prepare: "touch evil" };
  await writeFile(join(checkout, "package.json"), JSON.stringify({ ...manifest, scripts }));
  await run(confined);
  const installed = await readdir(join(cache, "dependencies"), { recursive: true });
  expect(installed.filter((path) => path.endsWith("package-lock.json"))).not.toEqual([]);
  expect(installed.filter((path) => path.endsWith("/evil"))).toEqual([]);
  expect(await readdir(checkout)).not.toContain("evil");
});

test("an install that fails says what npm said", async () => {
  await cp(tinyApp, checkout, { recursive: true });
  await writeFile(join(checkout, "package.json"), JSON.stringify({ dependencies: { constructs: "10.3.0" } }));
  await expect(run(confined)).rejects.toMatchObject({
    code: "dependency-refused",
    source: "user",
    message: expect.stringContaining("npm error"),
  });
  expect((await readdir(join(cache, "dependencies"))).filter((name) => name.includes("."))).toEqual([]);
});

test("a committed node_modules is refused", async () => {
  await cp(tinyApp, checkout, { recursive: true });
  await symlink("/", join(checkout, "node_modules"));
  await expect(run(confined)).rejects.toMatchObject({ code: "modules-committed" });
  await rm(join(checkout, "node_modules"));
  await mkdir(join(checkout, "node_modules", "cdktn"), { recursive: true });
  await expect(run(confined)).rejects.toMatchObject({ code: "modules-committed" });
});

test("the app gets its environment, its variables and nothing else of the worker's", async () => {
  const variables = {
    ...process.env,
    WEBHOOK_SECRET: "hunter2",
    AWS_SECRET_ACCESS_KEY: "hunter2",
    HTTPS_PROXY: "http://p",
  };
  const seen = JSON.parse(await runScript("console.log(JSON.stringify(process.env))", confined, variables));
  expect(seen).toMatchObject({ WAYMARK_ENVIRONMENT: "dev", PORT: "4101" });
  expect(JSON.parse(seen.CDKTF_CONTEXT_JSON)).toEqual({ cdktfRelativeModules: [] });
  expect(JSON.stringify(seen)).not.toContain("hunter2");
  expect(seen.HTTPS_PROXY).toBeUndefined();
});

test.runIf(linux)("the app has no network", async () => {
  const script = `
    import { lookup } from "node:dns/promises";
    import { networkInterfaces } from "node:os";
    const outside = Object.keys(networkInterfaces()).filter((name) => name !== "lo");
    console.log(JSON.stringify([outside, await lookup("registry.npmjs.org").catch(() => "none")]));
  `;
  expect(JSON.parse(await runScript(script))).toEqual([[], "none"]);
});

test.runIf(linux)(
  "the app can read neither the worker's environment nor files beside its checkout",
  async () => {
    const script = `
    import { readFileSync, readdirSync } from "node:fs";
    const tried = (read) => { try { return String(read()); } catch (error) { return error.code; } };
    console.log(JSON.stringify([
      tried(() => readFileSync("/proc/${process.pid}/environ")),
      tried(() => readdirSync(${JSON.stringify(cache)})),
      tried(() => readdirSync("/var")),
      tried(() => readdirSync("/workspace").filter((name) => name !== "main.mjs" && name !== "cdktf.json")),
    ]));
  `;
    const seen: string[] = JSON.parse(await runScript(script));
    expect(seen.every((result) => ["ENOENT", "EACCES", ""].includes(result))).toBe(true);
  },
);

test.runIf(linux)("the app can't change what git will run in its checkout", async () => {
  await writeFile(join(checkout, ".git"), "gitdir: /somewhere\n");
  const script = `
    import { writeFileSync, renameSync } from "node:fs";
    const tried = (action) => { try { action(); } catch {} };
    tried(() => writeFileSync(".git", "gitdir: /workspace/evil"));
    tried(() => renameSync(".git", "git"));
  `;
  await runScript(script);
  expect(await readFile(join(checkout, ".git"), "utf8")).toBe("gitdir: /somewhere\n");
});

test("an app that fails is told with its own last words", async () => {
  await expect(runScript("throw new TypeError('PORT must be a number')")).rejects.toMatchObject({
    source: "user",
    class: "code",
    message: expect.stringContaining("PORT must be a number"),
  });
});

test("an app that hangs is stopped when the deployment is", async () => {
  input = { ...input, signal: AbortSignal.timeout(300) };
  await expect(runScript("setInterval(() => {}, 1000)")).rejects.toThrow(/stopped on request/);
});

const told = (sandbox: Sandbox, variables: NodeJS.ProcessEnv) =>
  synthesize(input, { sandbox, cache, variables, terraformVersion: "1.12.3" });

test("an app is told Terraform's version without Terraform", async () => {
  await writeScript(`
    import { execSync } from "node:child_process";
    process.stdout.write(execSync("terraform version"));
  `);
  for (const sandbox of [confined, unconfined])
    expect(await told(sandbox, process.env)).toBe("Terraform v1.12.3");
});

test("all else that an app asks of Terraform goes to the worker's", async () => {
  const programs = await freshDirectory();
  const program = join(programs, "terraform");
  await writeFile(program, '#!/bin/sh\necho "asked: $*"\n', { mode: 0o755 });
  await writeScript(`
    import { execSync } from "node:child_process";
    for (const args of ["version -json", "--version"]) process.stdout.write(execSync("terraform " + args));
  `);
  const variables = { ...process.env, PATH: `${programs}:${process.env.PATH}` };
  expect(await told(unconfined, variables)).toBe("asked: version -json\nasked: --version");
});
