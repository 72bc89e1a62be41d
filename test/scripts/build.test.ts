import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { buildService, builtService } from "../support/build.ts";
import { freshDirectory } from "../support/directory.ts";

const root = resolve(import.meta.dirname, "../..");

test("each program becomes one whole file, also when two are started at once", async () => {
  await Promise.all([buildService(), buildService()]);
  for (const name of ["main", "web", "worker"] as const) {
    const { stderr } = await execa(process.execPath, ["--check", builtService(name)]);
    expect(stderr).toBe("");
    expect((await stat(`${builtService(name)}.map`)).size).toBeGreaterThan(0);
  }
});

test("a trace of what nobody foresaw names the source", async () => {
  await buildService();
  const script = `
    Object.defineProperty(process, "umask", { value: () => { throw new Error("unforeseen") } });
    await import(${JSON.stringify(builtService("main"))});`;
  const args = ["--enable-source-maps", "--input-type=module", "-e", script];
  const options = { cwd: await freshDirectory(), env: {}, extendEnv: false, reject: false };
  const { stderr } = await execa(process.execPath, args, options);
  expect(stderr).toMatch(/service\/main\.ts:\d+/);
});

test("every start compiles first, and runs what was compiled", async () => {
  const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const programs = { start: "main", web: "web", worker: "worker" } as const;
  for (const [script, name] of Object.entries(programs)) {
    const commands = scripts[script].split(" && ");
    expect(commands.at(-2)).toBe("node scripts/build.mjs");
    expect(commands.at(-1)).toMatch(new RegExp(`^node .* \\.waymark/build/${name}\\.mjs$`));
  }
});
