import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { importsOf, readSources, type Sources } from "./imports.ts";
import { carelessProcesses, endlessClients, forbiddenImports, importCycles, longFiles } from "./rules.ts";

let sources: Sources;
beforeAll(async () => {
  sources = await readSources(path.join(import.meta.dirname, "../.."));
});

const tree = (files: Readonly<Record<string, string>>): Sources => new Map(Object.entries(files));
const importing = (from: string, specifier: string) =>
  tree({ [from]: `import { x } from "${specifier}";\n` });

describe("the sources", () => {
  it("are all looked at", () => {
    const folders = new Set([...sources.keys()].map((file) => file.split("/")[0]));
    for (const folder of ["promotion", "adapters", "jobs", "app", "service", "demo", "test", "infra-app"]) {
      expect(folders).toContain(folder);
    }
    expect([...sources.keys()].filter((file) => file.includes("node_modules"))).toEqual([]);
    expect(importsOf(sources).length).toBeGreaterThan(sources.size);
  });

  it("name in each relative import a file that is there", () => {
    const missing = importsOf(sources).filter(
      ({ to }) => /^(promotion|adapters|jobs|app|service)\//.test(to) && !sources.has(to),
    );
    expect(missing).toEqual([]);
  });
});

describe("the arrows of the design", () => {
  it("are kept", () => {
    expect(forbiddenImports(sources)).toEqual([]);
  });

  it.each([
    ["promotion/a.ts", "../adapters/git/git.ts"],
    ["promotion/a.ts", "../jobs/queues.ts"],
    ["promotion/a.ts", "node:fs"],
    ["promotion/a.ts", "simple-git"],
    ["promotion/report/a.ts", "../../adapters/git/git.ts"],
    ["adapters/git/a.ts", "../../jobs/reconcile.ts"],
    ["adapters/git/a.ts", "../../app/server.ts"],
    ["jobs/a.ts", "../app/server.ts"],
    ["jobs/a.ts", "../service/main.ts"],
    ["app/a.ts", "../jobs/reconcile.ts"],
    ["app/a.ts", "../demo/github/main.ts"],
    ["service/a.ts", "../demo/main.ts"],
    ["scripts/setup.mjs", "execa"],
    ["scripts/setup/tools.mjs", "execa"],
    ["infra-core/a.ts", "../jobs/reconcile.ts"],
    ["adapters/a.ts", "../infra-core/config.ts"],
    ["scripts/setup.mjs", "../adapters/git/git.ts"],
    ["demo/a.ts", "../infra-app/synth.ts"],
    ["demo/a.ts", "../test/support/git.ts"],
    ["test/a.ts", "../infra-app/synth.ts"],
    ["adapters/a.ts", "../../elsewhere/a.ts"],
  ])("are broken when %s imports %s", (from, specifier) => {
    expect(forbiddenImports(importing(from, specifier))).toHaveLength(1);
  });

  it.each([
    ["promotion/a.ts", "./b.ts"],
    ["promotion/report/a.ts", "../b.ts"],
    ["promotion/a.ts", "zod"],
    ["adapters/a.ts", "../promotion/b.ts"],
    ["adapters/a.ts", "node:fs"],
    ["app/a.ts", "../jobs/queues.ts"],
    ["service/a.ts", "../app/server.ts"],
    ["test/a.ts", "../demo/main.ts"],
  ])("are kept when %s imports %s", (from, specifier) => {
    expect(forbiddenImports(importing(from, specifier))).toEqual([]);
  });

  it.each([
    'import type { X } from "../adapters/x.ts";',
    'import "../adapters/x.ts";',
    'export * from "../adapters/x.ts";',
    'export { x, type Y } from "../adapters/x.ts";',
    'import x, * as y from "../adapters/x.ts";',
    'import {\n  x,\n  type Y,\n} from "../adapters/x.ts";',
    'const x = await import("../adapters/x.ts");',
  ])("are seen in %j", (text) => {
    expect(forbiddenImports(tree({ "promotion/a.ts": `/** Why. */\n${text}\n` }))).toHaveLength(1);
  });

  it("keep the door between app and jobs free of the worker", () => {
    const fromJobs = importsOf(sources).filter(
      ({ from, to }) => from === "jobs/queues.ts" && to.startsWith("jobs/"),
    );
    expect(fromJobs).toEqual([]);
  });
});

describe("import cycles", () => {
  it("are none", () => {
    expect(importCycles(sources)).toEqual([]);
  });

  it("would be found, however long", () => {
    const circle = tree({
      "a.ts": 'import { b } from "./b.ts";\n',
      "b.ts": 'export { c } from "./c.ts";\n',
      "c.ts": 'import "./a.ts";\n',
      "d.ts": 'import "./a.ts";\n',
    });
    expect(importCycles(circle)).toEqual(["a.ts → b.ts → c.ts → a.ts"]);
  });
});

describe("files", () => {
  it("are short", () => {
    expect(longFiles(sources)).toEqual([]);
  });

  it("would be found when they are long", () => {
    expect(longFiles(tree({ "a.ts": "x\n".repeat(300) }))).toEqual([]);
    expect(longFiles(tree({ "a.ts": "x\n".repeat(301) }))).toEqual(["a.ts has 301 lines"]);
  });
});

describe("processes", () => {
  it("get no environment that nobody listed, and no shell", () => {
    expect(carelessProcesses(sources)).toEqual([]);
  });

  it.each(["{ env: { ...process.env } }", "{ env: process.env }", "{ shell: true }", "execSync(x)"])(
    "would be found when started with %s",
    (text) => {
      expect(carelessProcesses(tree({ "adapters/a.ts": text }))).toHaveLength(1);
    },
  );
});

describe("clients of AWS", () => {
  it("wait no longer than they are told to", () => {
    expect(endlessClients(sources)).toEqual([]);
  });

  it("would be found when nobody tells them", () => {
    const text = "const s3 = new S3Client({ region });\nconst sts = new STSClient({ requestHandler });\n";
    expect(endlessClients(tree({ "adapters/a.ts": text }))).toHaveLength(1);
  });
});
